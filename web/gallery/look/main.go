// Command look takes pictures of every sample page: three widths, by day and by night.
//
//	go run ./web/gallery/look                     pictures into ./look
//	go run ./web/gallery/look -only inbox,ticket  some of them
//	go run ./web/gallery/look -serve 127.0.0.1:0  no pictures; open the address in a browser
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"hark/web"
	"hark/web/gallery"
)

func main() {
	out := flag.String("out", "look", "folder for the pictures")
	only := flag.String("only", "", "names of sample pages, separated by commas; all when empty")
	widths := flag.String("widths", "1440,1024,390", "page widths in pixels")
	themes := flag.String("themes", "light,dark", "light, dark or both")
	query := flag.String("query", "", "added to each address, for example demo=1")
	scripts := flag.Bool("scripts", true, "with JavaScript")
	full := flag.Bool("full", true, "the whole page, not only the first screen")
	script := flag.String("do", "", "script to run before the picture, for example to open a menu")
	serve := flag.String("serve", "", "address to serve the gallery at, instead of taking pictures")
	flag.Parse()
	if err := run(*out, *only, *widths, *themes, *query, *script, *serve, *scripts, *full); err != nil {
		fmt.Fprintln(os.Stderr, "look:", err)
		os.Exit(1)
	}
}

func run(out, only, widths, themes, query, script, serve string, scripts, full bool) error {
	assets, err := web.Assets()
	if err != nil {
		return err
	}
	address := serve
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	base := "http://" + listener.Addr().String() + "/gallery/"
	server := &http.Server{Handler: gallery.Handler(assets), ReadHeaderTimeout: 5 * time.Second}
	if serve != "" {
		fmt.Println(base)
		return server.Serve(listener)
	}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	ctx, cancel := browser()
	defer cancel()
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of its first use
		return err
	}
	for _, name := range names(only) {
		for _, width := range strings.Split(widths, ",") {
			for _, theme := range strings.Split(themes, ",") {
				shot := picture{base + name + "?theme=" + theme + "&" + query, filepath.Join(out, label(name)+"-"+width+"-"+theme+".png"), width, script, scripts, full}
				if err := shot.take(ctx); err != nil {
					return fmt.Errorf("%s: %w", shot.url, err)
				}
			}
		}
	}
	return nil
}

func names(only string) []string {
	if only != "" {
		return strings.Split(strings.ReplaceAll(only, "gallery", ""), ",")
	}
	all := []string{""}
	for _, s := range gallery.Samples() {
		all = append(all, s.Name)
	}
	return all
}

func label(name string) string {
	if name == "" {
		return "gallery"
	}
	return name
}

func browser() (context.Context, context.CancelFunc) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-component-update", true))
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	return ctx, func() { cancel(); cancelAllocator() }
}

type picture struct {
	url, file, width, script string
	scripts, full            bool
}

func (p picture) take(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	var width int64
	if _, err := fmt.Sscan(p.width, &width); err != nil {
		return err
	}
	height := int64(900)
	if width < 700 {
		height = 844
	}
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !p.scripts}); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Navigate(p.url), chromedp.Sleep(150*time.Millisecond)); err != nil {
		return err
	}
	if p.script != "" {
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](p.script, chromedp.EvalAwaitPromise)); err != nil {
			return err
		}
		if err := chromedp.Do(ctx, chromedp.Sleep(700*time.Millisecond)); err != nil {
			return err
		}
	}
	capture := chromedp.CaptureScreenshot()
	if p.full {
		capture = chromedp.FullScreenshot(100)
	}
	png, err := chromedp.Run(ctx, capture)
	if err != nil {
		return err
	}
	return os.WriteFile(p.file, png, 0o644)
}
