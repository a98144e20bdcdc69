// ical.js, the calendar of Thunderbird, behind a command: "read" tells what is in a file, "answer" writes what its user would send back.
const path = require("node:path")
const fs = require("node:fs")
const loaded = require(path.join(__dirname, "../../../web/node_modules/ical.js/dist/ical.es5.cjs"))
const ICAL = loaded.default || loaded

const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(0, "utf8")))
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone)
const events = calendar.getAllSubcomponents("vevent")

const person = property => ({
  address: (property.getFirstValue() || "").replace(/^mailto:/i, ""),
  name: property.getParameter("cn") || "",
  status: property.getParameter("partstat") || "",
  asked: property.getParameter("rsvp") || "",
})

// times are all of an event's, each as seconds since 1970.
function times(component) {
  const event = new ICAL.Event(component)
  const span = start => [start.toUnixTime(), start.toUnixTime() + event.duration.toSeconds()]
  if (!event.isRecurring()) return [[event.startDate.toUnixTime(), event.endDate.toUnixTime()]]
  const all = []
  for (let next, each = event.iterator(); all.length < 5000 && (next = each.next()); ) all.push(span(next))
  return all
}

function read() {
  const told = component => ({
    uid: component.getFirstPropertyValue("uid"),
    sequence: component.getFirstPropertyValue("sequence") || 0,
    zone: component.getFirstProperty("dtstart").getParameter("tzid") || "",
    summary: component.getFirstPropertyValue("summary") || "",
    description: component.getFirstPropertyValue("description") || "",
    status: component.getFirstPropertyValue("status") || "",
    organizer: component.getAllProperties("organizer").map(person),
    people: component.getAllProperties("attendee").map(person),
    day: component.getFirstPropertyValue("dtstart").isDate,
    times: times(component),
  })
  return JSON.stringify({method: calendar.getFirstPropertyValue("method"), events: events.map(told)})
}

// answer keeps what was sent, and one person: whoever answers.
function answer(says) {
  calendar.updatePropertyWithValue("method", says.method)
  calendar.updatePropertyWithValue("prodid", "-//ical.js//A mail program//EN")
  const event = events[0]
  for (const attendee of event.getAllProperties("attendee")) {
    if (person(attendee).address.toLowerCase() !== says.who) event.removeProperty(attendee)
  }
  const own = event.getFirstProperty("attendee")
  own.setParameter("partstat", says.status)
  own.removeParameter("rsvp")
  if (says.comment) event.addPropertyWithValue("comment", says.comment)
  if (says.zoneText) {
    const zone = new ICAL.Component(ICAL.parse(says.zoneText))
    calendar.addSubcomponent(zone)
    for (const name of ["dtstart", "dtend"]) {
      event.removeProperty(name)
      const property = new ICAL.Property(name)
      property.setParameter("tzid", zone.getFirstPropertyValue("tzid"))
      property.setValue(ICAL.Time.fromDateTimeString(name === "dtstart" ? says.start : says.end))
      event.addProperty(property)
    }
  }
  return calendar.toString() + "\r\n"
}

process.stdout.write(process.argv[2] === "read" ? read() : answer(JSON.parse(process.argv[3])))
