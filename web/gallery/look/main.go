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
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"hark/web"
	"hark/web/gallery"
)

// options are what can be asked for; see main.
type options struct {
	out, only, widths, themes, query, script, media, serve string
	scripts, full                                          bool
}

func main() {
	var o options
	flag.StringVar(&o.out, "out", "look", "folder for the pictures")
	flag.StringVar(&o.only, "only", "", "names of sample pages, separated by commas; all when empty")
	flag.StringVar(&o.widths, "widths", "1440,1024,390", "page widths in pixels")
	flag.StringVar(&o.themes, "themes", "light,dark", "light, dark or both")
	flag.StringVar(&o.query, "query", "", "added to each address, for example demo=1")
	flag.StringVar(&o.script, "do", "", "script to run before the picture, for example to open a menu")
	flag.StringVar(&o.media, "media", "", "print, or forced for forced colours")
	flag.StringVar(&o.serve, "serve", "", "address to serve the gallery at, instead of taking pictures")
	flag.BoolVar(&o.scripts, "scripts", true, "with JavaScript")
	flag.BoolVar(&o.full, "full", true, "the whole page, not only the first screen")
	flag.Parse()
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "look:", err)
		os.Exit(1)
	}
}

func (o options) run() error {
	assets, err := web.Assets()
	if err != nil {
		return err
	}
	address := o.serve
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	base := "http://" + listener.Addr().String() + "/gallery/"
	server := &http.Server{Handler: gallery.Handler(assets), ReadHeaderTimeout: 5 * time.Second}
	if o.serve != "" {
		fmt.Println(base)
		return server.Serve(listener)
	}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	return o.takeAll(base)
}

func (o options) takeAll(base string) error {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	ctx, cancel := browser()
	defer cancel()
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context of its first use
		return err
	}
	for _, name := range names(o.only) {
		for _, width := range strings.Split(o.widths, ",") {
			for _, theme := range strings.Split(o.themes, ",") {
				file := filepath.Join(o.out, strings.Trim(label(name)+"-"+width+"-"+theme+"-"+o.media, "-")+".png")
				if err := o.take(ctx, base+name+"?theme="+theme+"&"+o.query, file, width); err != nil {
					return fmt.Errorf("%s at %s: %w", name, width, err)
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
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-component-update", true))
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, cancel := chromedp.NewContext(allocator)
	return ctx, func() { cancel(); cancelAllocator() }
}

func (o options) take(ctx context.Context, url, file, width string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := o.prepare(ctx, width); err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(url), chromedp.Sleep(150*time.Millisecond)); err != nil {
		return err
	}
	if o.script != "" {
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[any](o.script, chromedp.EvalAwaitPromise)); err != nil {
			return err
		}
		if err := chromedp.Do(ctx, chromedp.Sleep(700*time.Millisecond)); err != nil {
			return err
		}
	}
	capture := chromedp.CaptureScreenshot()
	if o.full {
		capture = chromedp.FullScreenshot(100)
	}
	png, err := chromedp.Run(ctx, capture)
	if err != nil {
		return err
	}
	return os.WriteFile(file, png, 0o644)
}

// prepare makes the browser the reader's: how wide, with or without script, on a screen, on paper or in forced colours.
func (o options) prepare(ctx context.Context, width string) error {
	wide, err := strconv.ParseInt(width, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is no width in pixels", width)
	}
	media := emulation.SetEmulatedMediaParams{}
	switch o.media {
	case "print":
		media.Media = "print"
	case "forced":
		media.Features = []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !o.scripts}); err != nil {
		return err
	}
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
		return err
	}
	return chromedp.Do(ctx, chromedp.EmulateViewport(wide, 900))
}
