package web

import (
	"net/http"
	"time"

	"hark/desk"
	"hark/fault"
	"hark/web/shared"
	"hark/web/signin"
	"hark/web/visit"
)

// front leads everybody to where they work: the administrator of a new desk to its preparation, staff to the inbox, customers to
// their requests, strangers to the portal.
func (h *house) front(v *visit.Visit) error {
	unprepared, err := h.desk.Unprepared(v.Context(), v.Actor)
	switch {
	case err != nil:
		return err
	case unprepared && h.options.Demo == nil:
		return v.SeeOther("/admin/setup")
	case v.Actor.Staff():
		return v.SeeOther("/inbox")
	case h.options.Demo != nil && v.Session == "":
		return v.SeeOther("/demo")
	}
	return v.SeeOther("/portal")
}

func (h *house) signInForm(v *visit.Visit) error {
	if v.Session != "" {
		return v.SeeOther(nextPage(v))
	}
	return h.show(v, signin.Page(signin.View{Next: nextPage(v)}))
}

// signIn starts a session. Whatever is wrong, the page says the same sentence (F7).
func (h *house) signIn(v *visit.Visit) error {
	var in struct {
		Email    string `form:"email"`
		Password string `form:"password"`
		Next     string `form:"next"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	session, err := h.desk.SignIn(v.Context(), h.signingIn(v, in.Email, in.Password))
	if err != nil && visit.Status(err) < 500 {
		view := signin.View{Email: in.Email, Next: visit.LocalPath(in.Next, "/"), Wrong: sentence(fault.Says(err))}
		return h.showStatus(v, visit.Status(err), signin.Page(view))
	}
	if err != nil {
		return err
	}
	return h.welcome(v, session, visit.LocalPath(in.Next, "/"))
}

// signingIn is who signs in, from where, with which browser.
func (h *house) signingIn(v *visit.Visit, email, password string) desk.SignIn {
	return desk.SignIn{Email: email, Password: password, Remote: h.options.Guard.Remote(v.Request).String(), Agent: v.Request.UserAgent(), Previous: cookie(v, visit.SessionCookie)}
}

// welcome gives the browser its new session and sends it on.
func (h *house) welcome(v *visit.Visit, session desk.Session, next string) error {
	http.SetCookie(v.Writer, h.options.Guard.Cookie(visit.SessionCookie, session.Token, int(time.Until(time.Now().Add(session.Ends.Sub(session.Created))).Seconds())))
	return v.SeeOther(next)
}

func (h *house) signOut(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	if err := h.desk.SignOut(v.Context(), cookie(v, visit.SessionCookie)); err != nil {
		return err
	}
	http.SetCookie(v.Writer, h.options.Guard.Cookie(visit.SessionCookie, "", -1))
	return v.SeeOther("/sign-in")
}

// savePreferences keeps how this browser likes its pages. They are no secret and need no account.
func (h *house) savePreferences(v *visit.Visit) error {
	var in struct {
		Theme   string `form:"theme"`
		Rows    string `form:"rows"`
		Letters string `form:"letters"`
		News    int64  `form:"news"`
		Banner  int64  `form:"banner"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.News != 0 {
		http.SetCookie(v.Writer, h.options.Guard.Cookie(newsCookie, number(in.News), 365*24*3600))
	}
	if in.Banner != 0 {
		http.SetCookie(v.Writer, h.options.Guard.Cookie(bannerCookie, number(in.Banner), 365*24*3600))
	}
	for name, value := range map[string]string{"theme": in.Theme, "rows": in.Rows, "letters": in.Letters} {
		switch value {
		case "light", "dark", "compact", "off":
			http.SetCookie(v.Writer, h.options.Guard.Cookie(name, value, 365*24*3600))
		case "auto", "roomy", "on":
			http.SetCookie(v.Writer, h.options.Guard.Cookie(name, "", -1))
		}
	}
	return v.SeeOther(back(v))
}

// back is the page of ours a form was on.
func back(v *visit.Visit) string {
	if referer := v.Request.Header.Get("Referer"); referer != "" {
		if from, err := v.Request.URL.Parse(referer); err == nil && from.Host == v.Request.Host {
			return from.RequestURI()
		}
	}
	return "/"
}

// setupForm is where the first administrator introduces themselves, with the token from the terminal.
func (h *house) setupForm(v *visit.Visit) error {
	return h.show(v, signin.SetupPage(signin.Setup{Token: v.Path("token")}))
}

func (h *house) setup(v *visit.Visit) error {
	var in struct {
		Token    string `form:"token"`
		Company  string `form:"company"`
		Name     string `form:"name"`
		Email    string `form:"email"`
		Password string `form:"password"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	session, err := h.desk.SetUp(v.Context(), in.Token, desk.NewPerson{Name: in.Name, Email: in.Email, Password: in.Password}, h.signingIn(v, in.Email, ""))
	if err != nil && visit.Status(err) < 500 {
		view := signin.Setup{Token: in.Token, Name: in.Name, Email: in.Email, Company: in.Company, Errors: []shared.FormError{{Field: "password", Says: sentence(fault.Says(err))}}}
		return h.showStatus(v, visit.Status(err), signin.SetupPage(view))
	}
	if err != nil {
		return err
	}
	if err := h.desk.NameFirstBrand(v.Context(), session.Person.Actor(), in.Company); err != nil {
		return err
	}
	return h.welcome(v, session, "/")
}

// once is a page behind a one-time link: it says what the button does; only the button acts (I5).
type once struct {
	title, says, button string
	password            bool
	fresh               bool // another one can be had on the spot
	do                  func(h *house, v *visit.Visit, token, password string) error
}

var onceLinks = map[string]once{
	"sign-in": {"Sign in", "This link works once, and for ten minutes.", "Sign in", false, true, func(h *house, v *visit.Visit, token, _ string) error {
		session, err := h.desk.SignInByLink(v.Context(), token, h.signingIn(v, "", ""))
		if err != nil {
			return err
		}
		return h.welcome(v, session, nextPage(v))
	}},
	"password": {"Choose a new password", "All your other sessions end when you do.", "Save and sign in", true, false, func(h *house, v *visit.Visit, token, password string) error {
		session, err := h.desk.ChoosePassword(v.Context(), token, password, h.signingIn(v, "", ""))
		if err != nil {
			return err
		}
		return h.welcome(v, session, "/")
	}},
	"join": {"Welcome to the desk", "Choose a password, and you are in.", "Join", true, false, func(h *house, v *visit.Visit, token, password string) error {
		session, err := h.desk.Join(v.Context(), token, password, h.signingIn(v, "", ""))
		if err != nil {
			return err
		}
		return h.welcome(v, session, "/inbox")
	}},
	"confirm": {"Send your request", "You wrote to us a moment ago. Press the button and it is with us.", "Send it", false, true, func(h *house, v *visit.Visit, token, _ string) error {
		done, err := h.desk.Confirm(v.Context(), token)
		if err != nil {
			return err
		}
		return v.SeeOther(h.localTicketLink(done.Ticket.ID, done.Ticket.Requester.ID) + "?arrived=yes")
	}},
	"news": {"Read what is new", "Somebody, probably you, asked us to mail you what is new, once a week at most.", "Mail it to me", false, true, confirmNews},
}

// nextPage is the page of ours to which an address leads on; "/" when it names none.
func nextPage(v *visit.Visit) string { return visit.LocalPath(v.Query("next"), "/") }

// onceForm shows the page of a one-time link.
func (h *house) onceForm(kind string) visit.Handler {
	return func(v *visit.Visit) error {
		o := onceLinks[kind]
		return h.show(v, signin.OncePage(signin.Once{Title: o.title, Says: o.says, Button: o.button, Password: o.password, Action: signin.LeadsOn(v.Request.URL.Path, nextPage(v))}))
	}
}

// useOnce spends it.
func (h *house) useOnce(kind string) visit.Handler {
	return func(v *visit.Visit) error {
		var in struct {
			Password string `form:"password"`
		}
		if err := v.Form(&in); err != nil {
			return err
		}
		o := onceLinks[kind]
		err := o.do(h, v, v.Path("token"), in.Password)
		if o.fresh && isNotFound(err) {
			return h.endedLink(v)
		}
		if err != nil && visit.Status(err) < 500 {
			view := signin.Once{Title: o.title, Says: o.says, Button: o.button, Password: o.password, Action: signin.LeadsOn(v.Request.URL.Path, nextPage(v)), Wrong: sentence(fault.Says(err))}
			return h.showStatus(v, visit.Status(err), signin.OncePage(view))
		}
		return err
	}
}

// codeForm asks for the address a sign-in link is mailed to. Whoever is signed in goes where they were going.
func (h *house) codeForm(v *visit.Visit) error {
	next := nextPage(v)
	if v.Session != "" && next != "/" {
		return v.SeeOther(next)
	}
	return h.show(v, signin.CodePage(signin.Code{Next: next}))
}

// mailCode mails it. The page is the same whether we know the address or not (F7).
func (h *house) mailCode(v *visit.Visit) error {
	var in struct {
		Email string `form:"email"`
		Next  string `form:"next"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	view := signin.Code{Email: in.Email, Next: visit.LocalPath(in.Next, "/")}
	err := h.desk.MailSignInLinkTo(v.Context(), in.Email, h.options.Guard.Remote(v.Request).String(), view.Next)
	if err != nil && visit.Status(err) < 500 {
		view.Wrong = sentence(fault.Says(err))
		return h.showStatus(v, visit.Status(err), signin.CodePage(view))
	}
	if err != nil {
		return err
	}
	view.Sent = true
	return h.show(v, signin.CodePage(view))
}

// forgotForm asks for the address a password link is mailed to.
func (h *house) forgotForm(v *visit.Visit) error {
	return h.show(v, signin.ForgotPage(signin.Forgot{}))
}

// forgot mails it. The page is the same whether we know the address or not (F7).
func (h *house) forgot(v *visit.Visit) error {
	var in struct {
		Email string `form:"email"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err := h.desk.MailPasswordLink(v.Context(), in.Email, h.options.Guard.Remote(v.Request).String())
	if err != nil && visit.Status(err) < 500 {
		return h.showStatus(v, visit.Status(err), signin.ForgotPage(signin.Forgot{Email: in.Email, Wrong: sentence(fault.Says(err))}))
	}
	if err != nil {
		return err
	}
	return h.show(v, signin.ForgotPage(signin.Forgot{Email: in.Email, Sent: true}))
}
