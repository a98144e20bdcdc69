package web

import (
	"net/http"
	"strings"

	"hark/desk"
	"hark/fault"
	"hark/web/me"
	"hark/web/shared"
	"hark/web/visit"
)

// me is everybody's own account.
func (h *house) me(v *visit.Visit) error { return h.mePage(v, http.StatusOK, me.View{}) }

func (h *house) mePage(v *visit.Visit, status int, view me.View) error {
	here, _, err := h.desk.Whoever(v.Context(), v.Session)
	if err != nil {
		return err
	}
	sessions, err := h.desk.Sessions(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		view.Sessions = append(view.Sessions, me.Session{ID: s.ID, Device: device(s.Agent), Remote: s.Remote, Seen: h.time(v, s.Seen), Since: h.time(v, s.Created), Here: s.ID == here.ID})
	}
	view.Staff, view.Email, view.Zones = v.Actor.Staff(), v.Person.Email, zones
	if view.Calls, err = h.hasHours(v); err != nil {
		return err
	}
	if view.Errors == nil {
		view.Name, view.Zone = v.Person.Name, v.Person.Zone
	}
	return h.showStatus(v, status, me.Page(view))
}

// saveMe changes how somebody is called and in which zone they read times.
func (h *house) saveMe(v *visit.Visit) error {
	var in struct {
		Name string `form:"name"`
		Zone string `form:"zone"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	zone := strings.TrimSpace(in.Zone)
	err := h.desk.ChangeSelf(v.Context(), v.Actor, desk.SelfChange{Name: &in.Name, Zone: &zone})
	if err != nil && visit.Status(err) < 500 {
		return h.mePage(v, visit.Status(err), me.View{Name: in.Name, Zone: zone, Errors: wrongField(err, "name", "zone")})
	}
	if err != nil {
		return err
	}
	return h.done(v, "saved", "/me")
}

// wrongField puts a refusal at the field it names, else at the first.
func wrongField(err error, fields ...string) []shared.FormError {
	says := sentence(fault.Says(err))
	for _, field := range fields {
		if strings.Contains(says, field) {
			return []shared.FormError{{Field: field, Says: says}}
		}
	}
	return []shared.FormError{{Field: fields[0], Says: says}}
}

// changePassword takes the current password and a new one; all other sessions end (F9).
func (h *house) changePassword(v *visit.Visit) error {
	var in struct {
		Username string `form:"username"` // for the browser's own keeper of passwords
		Current  string `form:"current"`
		Password string `form:"password"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	err := h.desk.ChangePassword(v.Context(), v.Actor, v.Session, in.Current, in.Password)
	if err != nil && visit.Status(err) < 500 {
		field := "password"
		if fault.Is(err, fault.Forbidden) {
			field = "current"
		}
		return h.mePage(v, visit.Status(err), me.View{PasswordErrors: []shared.FormError{{Field: field, Says: sentence(fault.Says(err))}}})
	}
	if err != nil {
		return err
	}
	return h.done(v, "password", "/me")
}

// endSession signs one of the visitor's browsers out.
func (h *house) endSession(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	if err := h.desk.EndSession(v.Context(), v.Actor, v.Path("session")); err != nil {
		return err
	}
	return h.done(v, "signed-out", "/me")
}

// endSessions signs out all of the visitor's browsers but this one.
func (h *house) endSessions(v *visit.Visit) error {
	if err := v.NoFields(); err != nil {
		return err
	}
	if err := h.desk.EndOtherSessions(v.Context(), v.Actor, v.Session); err != nil {
		return err
	}
	return h.done(v, "signed-out-elsewhere", "/me")
}

// Browsers and computers by what they say of themselves. The first that fits counts: many say several names.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	machines = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}
)

// device is a browser's own description in words: "Firefox on Linux".
func device(agent string) string {
	browser, machine := firstNamed(browsers, agent), firstNamed(machines, agent)
	switch {
	case browser != "" && machine != "":
		return browser + " on " + machine
	case browser != "" || machine != "":
		return browser + machine
	}
	return "A browser"
}

func firstNamed(names [][2]string, in string) string {
	for _, name := range names {
		if strings.Contains(in, name[0]) {
			return name[1]
		}
	}
	return ""
}

// zones are suggested; any name of the database of zones can be written. Whoever has no script can choose only from these, so every clock
// of the world is among them.
var zones = options(
	"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "America/Adak", "Pacific/Honolulu",
	"America/Halifax", "America/St_Johns", "America/Toronto", "America/Winnipeg", "America/Edmonton", "America/Vancouver", "America/Mexico_City", "America/Guatemala", "America/Costa_Rica", "America/Panama", "America/Havana",
	"America/Puerto_Rico", "America/Bogota", "America/Caracas", "America/Lima", "America/La_Paz", "America/Santiago", "America/Asuncion", "America/Montevideo", "America/Sao_Paulo", "America/Noronha", "America/Argentina/Buenos_Aires", "America/Nuuk", "America/Miquelon",
	"Atlantic/Azores", "Atlantic/Cape_Verde", "Atlantic/Reykjavik", "Europe/Lisbon", "Europe/London", "Europe/Dublin", "Europe/Madrid", "Europe/Paris", "Europe/Brussels", "Europe/Amsterdam",
	"Europe/Berlin", "Europe/Zurich", "Europe/Vienna", "Europe/Rome", "Europe/Copenhagen", "Europe/Oslo", "Europe/Stockholm", "Europe/Prague", "Europe/Warsaw",
	"Europe/Budapest", "Europe/Belgrade", "Europe/Bucharest", "Europe/Sofia", "Europe/Athens", "Europe/Helsinki", "Europe/Riga", "Europe/Kyiv", "Europe/Chisinau", "Europe/Minsk", "Europe/Istanbul", "Europe/Moscow", "Europe/Samara",
	"Africa/Accra", "Africa/Algiers", "Africa/Casablanca", "Africa/Tunis", "Africa/Lagos", "Africa/Cairo", "Africa/Nairobi", "Africa/Johannesburg",
	"Asia/Jerusalem", "Asia/Beirut", "Asia/Amman", "Asia/Riyadh", "Asia/Baghdad", "Asia/Dubai", "Asia/Tbilisi", "Asia/Yerevan", "Asia/Baku", "Asia/Tehran", "Asia/Kabul", "Asia/Karachi", "Asia/Tashkent", "Asia/Almaty", "Asia/Kolkata", "Asia/Colombo", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Jakarta",
	"Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Manila", "Asia/Hong_Kong", "Asia/Shanghai", "Asia/Taipei", "Asia/Seoul", "Asia/Tokyo", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Kamchatka",
	"Australia/Perth", "Australia/Eucla", "Australia/Darwin", "Australia/Adelaide", "Australia/Brisbane", "Australia/Sydney", "Australia/Lord_Howe",
	"Pacific/Noumea", "Pacific/Norfolk", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Fiji", "Pacific/Tongatapu", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Marquesas", "Pacific/Gambier", "Pacific/Pitcairn", "Pacific/Easter",
)

func options(values ...string) []shared.Option {
	var all []shared.Option
	for _, value := range values {
		all = append(all, shared.Option{Value: value})
	}
	return all
}
