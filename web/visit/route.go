package visit

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"hark/access"
	"hark/account"
	"hark/fault"
)

// Route is one address of the house: what is asked for, the right it needs, and who answers.
type Route struct {
	Method  string       // GET routes answer HEAD too and change nothing
	Pattern string       // "/tickets/{id}"
	Right   access.Right // checked before the handler runs; the handler's queries still filter by the actor
	Do      Handler
	Form    int64 // the most bytes of its form as it travels, 0 for 1 MB. Escaped, a text has up to three times as many as it says
	Open    bool  // an unsafe route that takes no form token: its own proof stands in the request (sign-in, one-click unsubscribe)
}

// Who finds the person behind a session token. A token that is unknown, ended or whose person is suspended is a fault of kind Unsigned.
type Who func(ctx context.Context, token string) (person account.Person, session string, err error)

// ErrorPage answers a failed visit with a page of the house.
type ErrorPage func(v *Visit, status int, says string) error

// House is everything a request passes through before its page.
type House struct {
	Guard     *Guard
	Who       Who
	Look      Look // may be nil
	ErrorPage ErrorPage
	Seen      func(route string, status int, took time.Duration) // metrics; may be nil
}

// Look lets what is read for one page be read at once, until the returned function is called.
type Look func(context.Context) (context.Context, func())

// look begins one for whoever only looks. It ends when the answer begins: a file or a stream may take as long as it likes.
func (h *House) look(r *http.Request) (*http.Request, func()) {
	if h.Look == nil || unsafe(r.Method) {
		return r, func() {}
	}
	ctx, end := h.Look(r.Context())
	return r.WithContext(ctx), end
}

// SessionCookie names the cookie that carries a session's token.
const SessionCookie = "hark_session"

// Handler builds the mux from the table. An address that is not in the table is "not found" with the same headers as any page.
func (h *House) Handler(routes []Route) http.Handler {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.Handle(route.Method+" "+route.Pattern, h.serve(route))
	}
	mux.Handle("/", h.serve(Route{Right: access.Public, Open: true, Do: func(*Visit) error {
		return fault.New(fault.NotFound, "There is no such page.")
	}}))
	return mux
}

func (h *House) serve(route Route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		recorder := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		r, recorder.begins = h.look(r)
		defer recorder.begins()
		v := &Visit{Writer: recorder, Request: r, Nonce: Random(), guard: h.Guard, most: cmp.Or(route.Form, maxForm)}
		v.secure()
		defer func() {
			if cause := recover(); cause != nil {
				slog.Error("page panicked", "route", route.Pattern, "panic", cause, "stack", string(debug.Stack()))
				h.fail(v, fault.New("", ""))
			}
			if h.Seen != nil {
				h.Seen(route.Method+" "+route.Pattern, recorder.status, time.Since(began))
			}
		}()
		if err := h.admit(v, route); err != nil {
			h.fail(v, err)
			return
		}
		if err := route.Do(v); err != nil {
			h.fail(v, err)
		}
	}
}

// admit finds out who asks and decides whether the route is for them.
func (h *House) admit(v *Visit, route Route) error {
	if err := checkQuery(v.Request); err != nil {
		return err
	}
	if err := h.identify(v); err != nil {
		return err
	}
	if unsafe(v.Request.Method) {
		if err := checkOrigin(v.Request); err != nil {
			return err
		}
	}
	if !access.May(v.Actor, route.Right) && !needsLink(v, route) {
		if v.Session == "" {
			return fault.New(fault.Unsigned, "Please sign in to see this page.")
		}
		return fault.New(fault.NotFound, "There is no such page.")
	}
	if unsafe(v.Request.Method) && !route.Open {
		return v.checkToken()
	}
	return nil
}

// needsLink lets a stranger through to a route that opens one ticket: the handler then proves the link in the path, and
// without a valid one there is nothing to see.
func needsLink(v *Visit, route Route) bool {
	return route.Right == access.OneTicket && v.Path("token") != ""
}

func (h *House) identify(v *Visit) error {
	cookie, err := v.Request.Cookie(SessionCookie)
	if err != nil {
		return nil
	}
	person, session, err := h.Who(v.Context(), cookie.Value)
	if fault.Is(err, fault.Unsigned) {
		return nil // an ended session is a stranger
	}
	if err != nil {
		return err
	}
	v.Person, v.Session, v.Actor = person, session, person.Actor()
	return nil
}

// fail answers a failure once for everybody: strangers asking for a page are shown the way in, everybody else a page that says what to do.
func (h *House) fail(v *Visit, err error) {
	v.log(err)
	status := Status(err)
	if status == http.StatusUnauthorized && !unsafe(v.Request.Method) {
		v.Writer.Header().Set("Location", "/sign-in?next="+url.QueryEscape(v.Request.URL.RequestURI()))
		v.Writer.WriteHeader(http.StatusSeeOther)
		return
	}
	if pageErr := h.ErrorPage(v, status, Says(err)); pageErr != nil {
		slog.Error("error page failed", "error", pageErr)
		http.Error(v.Writer, Says(err), status)
	}
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// statusWriter remembers the status for metrics and lets streaming handlers flush.
type statusWriter struct {
	http.ResponseWriter
	status int
	begins func() // called when the answer begins, perhaps more than once
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.begins()
	return w.ResponseWriter.Write(b)
}

func (w *statusWriter) WriteHeader(status int) {
	w.begins()
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives http.ResponseController the writer below, for flushing and deadlines.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
