package gallery

import (
	"strings"

	"hark/web/admin"
	"hark/web/shared"
)

func lineTransports(chosen string) []shared.Option {
	return []shared.Option{{Value: "udp", Label: "UDP", Chosen: chosen == "udp"}, {Value: "tcp", Label: "TCP", Chosen: chosen == "tcp"}, {Value: "tls", Label: "TLS: nobody on the way reads along", Chosen: chosen == "tls"}}
}

// telephones are an exchange that refuses and a Twilio account that is heard.
func telephones() admin.Telephones {
	return admin.Telephones{
		Line: admin.LineForm{
			Way:    admin.Way{State: "bad", Says: "pbx.harbourfield.example does not let the desk in: 403 Forbidden. It is tried again in a minute.", Last: "The last call was heard 3 hours ago."},
			Server: "pbx.harbourfield.example", Transports: lineTransports("tls"), User: "299", Country: "+49", HasPassword: true, On: true,
		},
		Twilio:   admin.TwilioForm{Way: admin.Way{State: "good", Says: "Its callbacks are heard.", Last: "The last call was heard 4 minutes ago."}, Address: "https://desk.harbourfield.example/api/calls/twilio", On: true},
		Exchange: admin.Exchange{Way: admin.Way{Says: "Signed events are heard.", Last: "No call has been heard yet."}, Address: "https://desk.harbourfield.example/api/calls/events", Secret: strings.Repeat("5f0c9d", 10) + "77ab"},
		Numbers:  "201 ana@harbourfield.example\n202 ben@harbourfield.example\n+4930555014299 cem@harbourfield.example\nnowhere",
		Errors:   map[string][]shared.FormError{"numbers": {{Field: "numbers-field", Says: "“nowhere” needs a number and a mail address, like 201 ana@example.com."}}},
	}
}

func noTelephones() admin.Telephones {
	v := telephones()
	v.Line = admin.LineForm{Way: admin.Way{Says: "Not connected."}, Transports: lineTransports("udp")}
	v.Twilio.Way, v.Twilio.On = admin.Way{Says: "Not connected."}, false
	v.Numbers, v.Errors = "", nil
	return v
}

// hostileTelephones is the page with every word from elsewhere set to a text.
func hostileTelephones(text string) admin.Telephones {
	v := telephones()
	way := admin.Way{State: "bad", Says: text, Last: text}
	v.Line.Way, v.Line.Tried, v.Line.Server, v.Line.User, v.Line.Country, v.Numbers = way, &way, text, text, text, text
	v.Twilio.Way, v.Exchange.Way = way, way
	v.Errors = map[string][]shared.FormError{"line": {{Field: "server", Says: text}}}
	return v
}
