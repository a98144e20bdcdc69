package mail

import "strings"

// Shared reports whether a domain belongs to a provider at whom strangers have their mailboxes, so that an equal domain does not make
// two people colleagues. Only large ones are named; of any other domain the owner is taken to be one organisation.
func Shared(domain string) bool {
	domain = strings.ToLower(domain)
	name, _, _ := strings.Cut(domain, ".")
	return sharedDomains[domain] || sharedNames[name]
}

// sharedNames are providers with one domain for each country.
var sharedNames = set("gmail", "googlemail", "outlook", "hotmail", "live", "yahoo", "ymail", "aol", "gmx", "yandex", "icloud", "proton", "protonmail", "tutanota", "zoho")

var sharedDomains = set("me.com", "mac.com", "msn.com", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "mail.ru", "qq.com", "163.com", "126.com", "naver.com",
	"orange.fr", "free.fr", "laposte.net", "libero.it", "wp.pl", "seznam.cz", "comcast.net", "btinternet.com", "bigpond.com", "rediffmail.com", "fastmail.com", "hey.com", "pm.me", "tuta.com")
