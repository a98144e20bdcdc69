package shared

import "context"

// Icon names a Lucide drawing. An icon never stands without a word or a label.
type Icon string

// The icons we use; the build puts exactly these into the sprite.
const (
	IconInbox    Icon = "inbox"
	IconMail     Icon = "mail"
	IconPolicy   Icon = "scroll-text"
	IconSettings Icon = "settings"
	IconSearch   Icon = "search"
	IconNew      Icon = "square-pen"
	IconReply    Icon = "reply"
	IconNote     Icon = "sticky-note"
	IconFile     Icon = "paperclip"
	IconMore     Icon = "ellipsis"
	IconDown     Icon = "chevron-down"
	IconRight    Icon = "chevron-right"
	IconLeft     Icon = "chevron-left"
	IconClose    Icon = "x"
	IconCheck    Icon = "check"
	IconLock     Icon = "lock"
	IconClock    Icon = "clock"
	IconNext     Icon = "fast-forward"
	IconInfo     Icon = "info"
	IconWarning  Icon = "triangle-alert"
	IconUndo     Icon = "undo-2"
	IconSignOut  Icon = "log-out"
	IconLater    Icon = "bookmark"
	IconPhone    Icon = "phone"
	IconGlobe    Icon = "globe"
	IconPlug     Icon = "plug"
	IconBold     Icon = "bold"
	IconItalic   Icon = "italic"
	IconLink     Icon = "link"
	IconBullets  Icon = "list"
	IconNumbers  Icon = "list-ordered"
	IconQuote    Icon = "text-quote"
	IconCode     Icon = "code"
	IconFold     Icon = "panel-left"
	IconKeyboard Icon = "keyboard"
	IconPrint    Icon = "printer"
	IconPeople   Icon = "users"
	IconDemo     Icon = "flask-conical"
	IconArrow    Icon = "arrow-right"
	IconDownload Icon = "download"
	IconAssign   Icon = "user-round-check"
	IconTag      Icon = "tag"
	IconOutgoing Icon = "send"
	IconReports  Icon = "chart-column"
	IconWall     Icon = "monitor"
	IconRings    Icon = "phone-incoming"
	IconArticles Icon = "book-open"
	IconBug      Icon = "bug"
)

// Icons lists them for the build.
var Icons = []Icon{
	IconInbox, IconMail, IconPolicy, IconSettings, IconSearch, IconNew, IconReply, IconNote, IconFile, IconMore,
	IconDown, IconRight, IconLeft, IconClose, IconCheck, IconLock, IconClock, IconNext, IconInfo, IconWarning, IconUndo,
	IconSignOut, IconLater, IconPhone, IconGlobe, IconPlug, IconBold, IconItalic, IconLink, IconBullets, IconNumbers,
	IconQuote, IconCode, IconFold, IconKeyboard, IconPrint, IconPeople, IconDemo, IconArrow, IconDownload, IconAssign,
	IconTag, IconOutgoing, IconReports, IconWall, IconRings, IconArticles, IconBug,
}

// href is where the sprite's drawing is found, "" without a build.
func (i Icon) href(ctx context.Context) string {
	sprite := FrameOf(ctx).Assets.URL("icons.svg")
	if sprite == "" || i == "" {
		return ""
	}
	return sprite + "#" + string(i)
}
