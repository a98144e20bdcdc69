package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"hark/fault"
	"hark/policy"
	"hark/ticket"
	"hark/web/shared"
	"hark/web/visit"
)

// health says that the process lives; it asks nobody.
func (h *house) health(v *visit.Visit) error { return text(v, "ok\n") }

// ready says that work is accepted: the database answers and is not full.
func (h *house) ready(v *visit.Visit) error {
	if h.options.Ready != nil {
		if err := h.options.Ready(v.Context()); err != nil {
			return fault.Wrap(err, fault.Unavailable, "The database does not answer.")
		}
	}
	return text(v, "ready\n")
}

// metrics answers Prometheus. The numbers name no person and no ticket.
func (h *house) metrics(v *visit.Visit) error {
	if h.options.Metrics == nil {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	h.options.Metrics.ServeHTTP(v.Writer, v.Request)
	return nil
}

func (h *house) asset(v *visit.Visit) error {
	h.assets.Handler().ServeHTTP(v.Writer, v.Request)
	return nil
}

func (h *house) favicon(v *visit.Visit) error {
	shared.ServeFavicon(v.Writer, v.Request)
	return nil
}

// brandStyle puts a brand's colour in place, made readable by day and by night.
func (h *house) brandStyle(v *visit.Visit) error {
	id, err := v.Number("id")
	if err != nil {
		return err
	}
	accent, err := h.desk.BrandAccent(v.Context(), id)
	if err != nil {
		return err
	}
	colours, err := shared.Accent(accent)
	if err != nil {
		return fault.New(fault.NotFound, "There is no such page.")
	}
	v.Writer.Header().Set("Content-Type", "text/css; charset=utf-8")
	v.Writer.Header().Set("Cache-Control", "public, max-age=300")
	_, err = io.WriteString(v.Writer, colours.CSS())
	return err
}

func text(v *visit.Visit, says string) error {
	v.Writer.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(v.Writer, says)
	return err
}

func asJSON(v *visit.Visit, value any) error {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	v.Writer.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, err = v.Writer.Write(append(body, '\n'))
	return err
}

// toProgram tells a program what is wrong with what it sent.
func toProgram(v *visit.Visit, status int, says string) error {
	v.Writer.Header().Set("Content-Type", "application/json; charset=utf-8")
	v.Writer.WriteHeader(status)
	return asJSON(v, map[string]string{"error": sentence(says)})
}

// serveFile sends an attachment as what its bytes are. Whatever is not one of four kinds of pictures is saved, never shown.
func serveFile(v *visit.Visit, f ticket.Attachment, content io.Reader) error {
	head := make([]byte, 512)
	n, err := io.ReadFull(content, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return err
	}
	header := v.Writer.Header()
	kind, how := inlineType(head[:n]), "inline"
	if kind == "" {
		kind, how = "application/octet-stream", "attachment"
	}
	header.Set("Content-Type", kind)
	header.Set("Content-Disposition", disposition(how, f.Name))
	header.Set("Content-Length", fmt.Sprint(f.Size))
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	_, err = io.Copy(v.Writer, io.MultiReader(bytes.NewReader(head[:n]), content))
	return err
}

// live tells a page of changes as they happen, by server-sent events. It says ids and counts, never text of a ticket (B9),
// and asks anew at each change whether the reader may still see the ticket.
func (h *house) live(v *visit.Visit) error {
	control := http.NewResponseController(v.Writer)
	_ = control.SetWriteDeadline(time.Time{})
	v.Writer.Header().Set("Content-Type", "text/event-stream")
	v.Writer.Header().Set("X-Accel-Buffering", "no")
	if v.Request.Method == http.MethodHead {
		return nil // nobody listens
	}
	if _, err := io.WriteString(v.Writer, "retry: 2000\n\n"); err != nil {
		return nil
	}
	stream := &stream{house: h, visit: v, control: control, subject: v.Query("subject"), token: cookie(v, visit.SessionCookie)}
	stream.run()
	return nil
}

// policyData is everything the public page says, as data.
type policyData struct {
	policy.PageView
	At       time.Time             `json:"at"` // when it was read; what is true now was true then
	Open     string                `json:"open,omitempty"`
	Region   string                `json:"region,omitempty"`
	Regions  []policy.RegionChoice `json:"regions,omitempty"`
	Hours    string                `json:"hours"` // address of the opening hours as a calendar file
	Versions []versionData         `json:"versions,omitempty"`
}

// versionData is one entry of the history, the newest first.
type versionData struct {
	Name  string    `json:"name"`
	Since time.Time `json:"since"`
	URL   string    `json:"url"`
	Now   bool      `json:"in_force,omitempty"`
}

func (h *house) versionData(v *visit.Visit) (all []versionData, err error) {
	versions, err := h.publicVersions(v)
	for _, one := range versions {
		since, err := time.Parse(time.RFC3339, one.Since.ISO)
		if err != nil {
			return nil, err
		}
		all = append(all, versionData{one.Name, since.UTC(), one.URL, one.Current})
	}
	return all, err
}

// policyJSON is the public page as data.
func (h *house) policyJSON(v *visit.Visit) error {
	p, live, err := h.policyLive(v)
	if err != nil {
		return err
	}
	id, err := mainPage(v, p)
	if err != nil {
		return err
	}
	page, err := p.Page(id, live)
	if err != nil {
		return err
	}
	said := policyData{PageView: page, At: live.At.UTC(), Open: h.openSays(v, p), Region: live.Region, Regions: p.Regions(), Hours: h.hoursPath(v, p)}
	if said.Versions, err = h.versionData(v); err != nil {
		return err
	}
	return asJSON(v, said)
}

// policyLive is the running policy and what is true of it just now.
func (h *house) policyLive(v *visit.Visit) (*policy.Policy, policy.Live, error) {
	p, brand, err := h.running(v)
	if err != nil {
		return nil, policy.Live{}, err
	}
	if p == nil {
		return nil, policy.Live{}, fault.New(fault.NotFound, "There is no policy yet.")
	}
	if h.untold(v) {
		return nil, policy.Live{}, fault.New(fault.NotFound, "Nothing is published here yet.")
	}
	figures, err := h.desk.Figures(v.Context(), brand.ID)
	here := h.region(v, p)
	return p, policy.Live{At: h.desk.Now(), Zone: here.zone, Own: here.own, Region: here.id, Figures: figures}, err
}
