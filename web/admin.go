package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/fault"
	"hark/web/admin"
	"hark/web/shared"
	"hark/web/visit"
)

func (h *house) admin(v *visit.Visit) error { return v.SeeOther("/admin/mailboxes") }

// optional reads {id} of a settings page: "new" is 0.
func optional(v *visit.Visit) (int64, error) {
	if v.Path("id") == "new" {
		return 0, nil
	}
	return v.Number("id")
}

func refused(err error) []shared.FormError {
	return []shared.FormError{{Field: cmp.Or(desk.WrongField(err), "name"), Says: sentence(fault.Says(err))}}
}

func (h *house) mailboxes(v *visit.Visit) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	trips, now, err := h.desk.RoundTrips(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	var list admin.Mailboxes
	for _, box := range house.Mailboxes {
		row := admin.Mailbox{
			URL: "/admin/mailboxes/" + number(box.ID), Address: box.Address, Brand: brandName(house, box.Brand), Wrong: box.Trouble,
			Fetch: cmp.Or(prefixed("Fetched from ", serverOf(box.IMAP)), "Delivered to this desk"), Sends: cmp.Or(prefixed("Through ", serverOf(box.SMTPOut)), "As the desk sends"),
		}
		switch trip := trips[box.ID]; {
		case trip.Missing(now):
			row.Wrong = cmp.Or(row.Wrong, "A mail that the desk wrote to this address at "+h.clock(v, trip.Sent)+" has not arrived.")
		case !trip.Back.IsZero():
			row.Tried = h.time(v, trip.Back)
		}
		list.List = append(list.List, row)

	}
	return h.show(v, admin.MailboxesPage(list))
}

func brandName(h desk.House, id int64) string {
	for _, b := range h.Brands {
		if b.ID == id {
			return b.Name
		}
	}
	return ""
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// serverOf is the host of a server's address.
func serverOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func (h *house) mailbox(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	return h.mailboxForm(v, http.StatusOK, id, admin.MailboxForm{})
}

func (h *house) mailboxForm(v *visit.Visit, status int, id int64, form admin.MailboxForm) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	box := account.Mailbox{}
	if id != 0 {
		i := slices.IndexFunc(house.Mailboxes, func(m account.Mailbox) bool { return m.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "There is no such page.")
		}
		box = house.Mailboxes[i]
		form.ID, form.Address, form.IMAP, form.SMTP = number(id), cmp.Or(form.Address, box.Address), cmp.Or(form.IMAP, box.IMAP), cmp.Or(form.SMTP, box.SMTPOut)
		form.HasIMAP, form.HasSMTP = box.IMAP != "", box.SMTPOut != ""
	}
	for _, b := range house.Brands {
		form.Brands = append(form.Brands, shared.Option{Value: number(b.ID), Label: b.Name, Chosen: b.ID == box.Brand})
	}
	form.Groups = append(groupOptions(house.Groups, func(g account.Group) bool { return g.ID == box.Group }), shared.Option{Value: "", Label: "Everybody", Chosen: box.Group == 0})
	form.Brands, form.Groups = asChosen(v, "brand", form.Brands), asChosen(v, "group", form.Groups)
	return h.showStatus(v, status, admin.MailboxPage(form))
}

// asChosen leaves what somebody has chosen in a form as it was, when the form comes back with what is wrong in it.
func asChosen(v *visit.Visit, name string, options []shared.Option) []shared.Option {
	if v.Request.Method != http.MethodPost {
		return options
	}
	for i := range options {
		options[i].Chosen = slices.Contains(v.Request.PostForm[name], options[i].Value)
	}
	return options
}

func groupOptions(groups []account.Group, chosen func(account.Group) bool) []shared.Option {
	var options []shared.Option
	for _, g := range groups {
		options = append(options, shared.Option{Value: number(g.ID), Label: g.Name, Chosen: chosen(g)})
	}
	return options
}

func (h *house) saveMailbox(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	var in struct {
		Address string `form:"address"`
		Brand   int64  `form:"brand"`
		Group   int64  `form:"group"`
		IMAP    string `form:"imap"`
		IMAPKey string `form:"imap_password"`
		SMTP    string `form:"smtp"`
		SMTPKey string `form:"smtp_password"`
		Do      string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	box := desk.NewMailbox{Address: in.Address, Brand: in.Brand, Group: in.Group, IMAP: withPassword(in.IMAP, in.IMAPKey), SMTPOut: withPassword(in.SMTP, in.SMTPKey)}
	if id == 0 {
		_, err = h.desk.AddMailbox(v.Context(), v.Actor, box)
	} else {
		err = h.desk.ChangeMailbox(v.Context(), v.Actor, id, box)
	}
	if err != nil && visit.Status(err) < 500 {
		form := admin.MailboxForm{Address: in.Address, IMAP: in.IMAP, SMTP: in.SMTP, Errors: []shared.FormError{{Field: "address", Says: sentence(fault.Says(err))}}}
		return h.mailboxForm(v, visit.Status(err), id, form)
	}
	if err != nil {
		return err
	}
	return h.done(v, "saved", "/admin/mailboxes")
}

// withPassword puts a password into a server's address, as the desk takes it. It is sealed there and never shown again.
func withPassword(server, password string) string {
	u, err := url.Parse(server)
	if err != nil || server == "" || password == "" {
		return server
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String()
}

func (h *house) people(v *visit.Visit) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	var list admin.People
	for _, p := range house.Staff {
		list.List = append(list.List, admin.Member{URL: "/admin/people/" + number(p.ID), Person: person(p), Role: roleSays[p.Role], Groups: groupNames(house.Groups, p.Groups), Skills: strings.Join(p.Skills, ", "), Off: p.Suspended})
	}
	return h.show(v, admin.PeoplePage(list))
}

var roleSays = map[access.Role]string{access.Admin: "Administrator", access.Agent: "Agent", access.LevelOne: "First line", access.Light: "Light agent", access.Customer: "Customer"}

var roles = []shared.Option{
	{Value: string(access.Agent), Label: "Agent", Hint: "Answers customers; sees the tickets of their groups, of no group, and their own."},
	{Value: string(access.LevelOne), Label: "First line", Hint: "Finds out who writes or calls, gives cases to others, and sends prepared messages."},
	{Value: string(access.Light), Label: "Light agent", Hint: "Reads what agents read, and writes internal notes."},
	{Value: string(access.Admin), Label: "Administrator", Hint: "Sees everything, and runs the desk: people, mailboxes, policy."},
}

func groupNames(groups []account.Group, ids []int64) string {
	var names []string
	for _, g := range groups {
		if slices.Contains(ids, g.ID) {
			names = append(names, g.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (h *house) member(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	return h.memberForm(v, http.StatusOK, id, admin.PersonForm{})
}

func (h *house) memberForm(v *visit.Visit, status int, id int64, form admin.PersonForm) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	p := account.Person{Role: access.Agent}
	if id != 0 {
		if p, err = h.desk.Person(v.Context(), v.Actor, id); err != nil {
			return err
		}
		form.ID, form.Name, form.Email, form.Off = number(id), cmp.Or(form.Name, p.Name), cmp.Or(form.Email, p.Email), p.Suspended
		if access.May(p.Actor(), access.ReplyPublicly) {
			form.Hours = hoursPath(id)
		}
	}
	if form.Skills == nil {
		form.Skills = pointer(strings.Join(p.Skills, ", "))
	}
	for _, role := range roles {
		role.Chosen = role.Value == string(p.Role)
		form.Roles = append(form.Roles, role)
	}
	form.Groups = groupOptions(house.Groups, func(g account.Group) bool { return slices.Contains(p.Groups, g.ID) })
	form.Roles, form.Groups = asChosen(v, "role", form.Roles), asChosen(v, "group", form.Groups)
	return h.showStatus(v, status, admin.PersonPage(form))
}

func (h *house) saveMember(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	var in struct {
		Name  string   `form:"name"`
		Email string   `form:"email"`
		Role  string   `form:"role"`
		Group []string `form:"group"`
		Skill string   `form:"skills"`
		Do    string   `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	skills := strings.Split(in.Skill, ",")
	groups, err := numbers(in.Group)
	if err != nil {
		return err
	}
	role := access.Role(in.Role)
	what := "saved"
	switch {
	case id == 0:
		what = "invited"
		_, err = h.desk.Invite(v.Context(), v.Actor, desk.NewPerson{Email: in.Email, Name: in.Name, Role: role, Groups: groups, Skills: skills})
	case in.Do == "link":
		what, err = h.mailWayIn(v, id)
	case in.Do == "off" || in.Do == "on":
		what = "switched-" + in.Do
		_, err = h.desk.ChangePerson(v.Context(), v.Actor, id, desk.PersonChange{Suspended: pointer(in.Do == "off")})
	default:
		_, err = h.desk.ChangePerson(v.Context(), v.Actor, id, desk.PersonChange{Name: &in.Name, Email: &in.Email, Role: &role, Groups: &groups, Skills: &skills})
	}
	if err != nil && visit.Status(err) < 500 {
		return h.memberForm(v, visit.Status(err), id, admin.PersonForm{Name: in.Name, Email: in.Email, Skills: pointer(in.Skill), Errors: refused(err), Wrong: map[string]string{desk.WrongField(err): sentence(fault.Says(err))}})
	}
	if err != nil {
		return err
	}
	return h.done(v, what, "/admin/people")
}

// mailWayIn mails a colleague a link to come in, and names what is said about it.
func (h *house) mailWayIn(v *visit.Visit, id int64) (what string, err error) {
	joined, err := h.desk.MailWayIn(v.Context(), v.Actor, id)
	if joined {
		return "password-link", err
	}
	return "invited", err
}

func numbers(texts []string) ([]int64, error) {
	all := []int64{}
	for _, text := range texts {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fault.New(fault.Invalid, "%q is not a number.", text)
		}
		all = append(all, n)
	}
	return all, nil
}

func (h *house) groups(v *visit.Visit) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	var list admin.Groups
	for _, g := range house.Groups {
		list.List = append(list.List, admin.Group{URL: "/admin/groups/" + number(g.ID), Name: g.Name, Members: memberNames(house.Staff, g.Members)})
	}
	return h.show(v, admin.GroupsPage(list))
}

func memberNames(staff []account.Person, ids []int64) string {
	var names []string
	for _, p := range staff {
		if slices.Contains(ids, p.ID) {
			names = append(names, p.Display())
		}
	}
	if len(names) > 3 {
		return strings.Join(names[:2], ", ") + fmt.Sprintf(" and %d more", len(names)-2)
	}
	return strings.Join(names, ", ")
}

func (h *house) group(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	return h.groupForm(v, http.StatusOK, id, admin.GroupForm{})
}

func (h *house) groupForm(v *visit.Visit, status int, id int64, form admin.GroupForm) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	var g account.Group
	if id != 0 {
		i := slices.IndexFunc(house.Groups, func(g account.Group) bool { return g.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "There is no such page.")
		}
		g = house.Groups[i]
		form.ID, form.Name = number(id), cmp.Or(form.Name, g.Name)
	}
	for _, p := range house.Staff {
		form.Members = append(form.Members, shared.Option{Value: number(p.ID), Label: p.Display(), Chosen: slices.Contains(g.Members, p.ID)})
	}
	form.Members = asChosen(v, "member", form.Members)
	return h.showStatus(v, status, admin.GroupPage(form))
}

func (h *house) saveGroup(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	var in struct {
		Name   string   `form:"name"`
		Member []string `form:"member"`
		Do     string   `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	members, err := numbers(in.Member)
	if err != nil {
		return err
	}
	if _, err := h.desk.SaveGroup(v.Context(), v.Actor, account.Group{ID: id, Name: in.Name, Members: members}); err != nil {
		if visit.Status(err) < 500 {
			return h.groupForm(v, visit.Status(err), id, admin.GroupForm{Name: in.Name, Errors: refused(err)})
		}
		return err
	}
	return h.done(v, "saved", "/admin/groups")
}

func (h *house) brands(v *visit.Visit) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	var list admin.Brands
	for _, b := range house.Brands {
		item := admin.Brand{URL: "/admin/brands/" + number(b.ID), Name: b.Name, Colour: b.Accent}
		for _, box := range house.Mailboxes {
			if box.Brand == b.ID {
				item.Email = box.Address
			}
		}
		if p, _, err := h.desk.Running(v.Context(), b.ID); err == nil {
			item.Policy = p.Name + " " + p.Version
		}
		list.List = append(list.List, item)
	}
	return h.show(v, admin.BrandsPage(list))
}

func (h *house) brandForm(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	return h.brandPage(v, http.StatusOK, id, admin.BrandForm{})
}

func (h *house) brandPage(v *visit.Visit, status int, id int64, form admin.BrandForm) error {
	house, err := h.desk.House(v.Context(), v.Actor)
	if err != nil {
		return err
	}
	if id != 0 {
		i := slices.IndexFunc(house.Brands, func(b account.Brand) bool { return b.ID == id })
		if i < 0 {
			return fault.New(fault.NotFound, "There is no such page.")
		}
		form.ID, form.Name, form.Colour = number(id), cmp.Or(form.Name, house.Brands[i].Name), cmp.Or(form.Colour, house.Brands[i].Accent)
		asked, err := h.desk.LessCareAsked(v.Context(), v.Actor, id)
		if err != nil {
			return err
		}
		w, err := h.desk.Widget(v.Context(), v.Actor, house.Brands[i])
		if err != nil {
			return err
		}
		form.Sites, form.Secret, form.Tag = cmp.Or(form.Sites, strings.Join(w.Sites, "\n")), w.Secret, `<script src="`+w.Script+`" data-user="" async></script>`
		form.Open = house.Brands[i].Community
		form.Two, form.LessCare, form.Waits = house.Brands[i].TwoPeople, asked.Display(), asked.ID != 0 && asked.ID == v.Actor.Person
	}
	return h.showStatus(v, status, admin.BrandPage(form))
}

func (h *house) saveBrand(v *visit.Visit) error {
	id, err := optional(v)
	if err != nil {
		return err
	}
	var in struct {
		Name   string `form:"name"`
		Colour string `form:"colour"`
		Sites  string `form:"sites"` // of the widget, one a line
		Do     string `form:"do"`
	}
	if err := v.Form(&in); err != nil {
		return err
	}
	if in.Do == "sites" && id != 0 {
		return h.saveSites(v, id, in.Sites)
	}
	if on := in.Do == "community-on"; (on || in.Do == "community-off") && id != 0 {
		if err := h.desk.OpenCommunity(v.Context(), v.Actor, id, on); err != nil {
			return err
		}
		return h.done(v, "saved", "/admin/brands/"+number(id))
	}
	if on := in.Do == "two-on"; on || in.Do == "two-off" {
		return h.changeCare(v, id, on)
	}
	if _, err := h.desk.SaveBrand(v.Context(), v.Actor, account.Brand{ID: id, Name: in.Name, Accent: in.Colour}); err != nil {
		if visit.Status(err) < 500 {
			return h.brandPage(v, visit.Status(err), id, admin.BrandForm{Name: in.Name, Colour: in.Colour, Errors: refused(err)})
		}
		return err
	}
	return h.done(v, "saved", "/admin/brands")
}

// saveSites says where a brand's widget may be shown.
func (h *house) saveSites(v *visit.Visit, brand int64, sites string) error {
	err := h.desk.SaveWidgetSites(v.Context(), v.Actor, brand, strings.Split(sites, "\n"))
	if err != nil && visit.Status(err) < 500 && !isNotFound(err) {
		says := sentence(fault.Says(err))
		return h.brandPage(v, visit.Status(err), brand, admin.BrandForm{Sites: sites, Wrong: map[string]string{"sites": says}, WidgetErrors: []shared.FormError{{Field: "sites", Says: says}}})
	}
	if err != nil {
		return err
	}
	return h.done(v, "saved", "/admin/brands/"+number(brand))
}

// changeCare makes a brand's policy need two administrators, or asks for one to be enough.
func (h *house) changeCare(v *visit.Visit, brand int64, on bool) error {
	waits, err := h.desk.TwoPeople(v.Context(), v.Actor, brand, on)
	if err != nil && visit.Status(err) < 500 && !isNotFound(err) {
		return h.brandPage(v, visit.Status(err), brand, admin.BrandForm{Errors: []shared.FormError{{Field: "care", Says: sentence(fault.Says(err))}}})
	}
	if err != nil {
		return err
	}
	if waits {
		return v.SeeOther("/admin/brands/" + number(brand))
	}
	return h.done(v, "saved", "/admin/brands")
}
