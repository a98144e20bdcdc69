"""libical, the calendar of Evolution and KOrganizer, behind a command: "read" tells what is in a file, "answer" writes what its user would
send back. It is used as GNOME's own programs use it, through ICalGLib."""

import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib as ical  # noqa: E402

ics = sys.stdin.buffer.read().decode("utf-8")
calendar = ical.Component.new_from_string(ics)


def components(of, kind):
    found, one = [], of.get_first_component(kind)
    while one is not None:
        found.append(one)
        one = of.get_next_component(kind)
    return found


def properties(of, kind):
    found, one = [], of.get_first_property(kind)
    while one is not None:
        found.append(one)
        one = of.get_next_property(kind)
    return found


def bare(address):
    return address[7:] if address and address.lower().startswith("mailto:") else address or ""


def person(of, address):
    def says(name):
        return of.get_parameter_as_string(name) or ""

    return {"address": bare(address), "name": says("CN"), "status": says("PARTSTAT"), "asked": says("RSVP")}


def seconds(time):
    return time.as_timet_with_zone(time.get_timezone())


def times(event):
    start, end = event.get_dtstart(), event.get_dtend()
    if event.get_first_property(ical.PropertyKind.RRULE_PROPERTY) is None:
        return [[seconds(start), seconds(end)]]
    found = []
    event.foreach_recurrence(
        ical.Time.new_from_string("19700101T000000Z"),
        ical.Time.new_from_string("20380101T000000Z"),
        lambda _event, span, *_rest: found.append([span.get_start(), span.get_end()]),
    )
    return found


def told(event):
    start = event.get_first_property(ical.PropertyKind.DTSTART_PROPERTY)
    status = event.get_first_property(ical.PropertyKind.STATUS_PROPERTY)
    return {
        "uid": event.get_uid(),
        "sequence": event.get_sequence(),
        "zone": start.get_parameter_as_string("TZID") or "",
        "summary": event.get_summary() or "",
        "description": event.get_description() or "",
        "status": status.get_value_as_string() if status else "",
        "organizer": [person(one, one.get_organizer()) for one in properties(event, ical.PropertyKind.ORGANIZER_PROPERTY)],
        "people": [person(one, one.get_attendee()) for one in properties(event, ical.PropertyKind.ATTENDEE_PROPERTY)],
        "day": event.get_dtstart().is_date(),
        "times": times(event),
    }


def read():
    if calendar is None or not calendar.is_valid():
        sys.exit("libical takes this for no calendar")
    wrong = properties(calendar, ical.PropertyKind.XLICERROR_PROPERTY)
    for event in components(calendar, ical.ComponentKind.VEVENT_COMPONENT):
        wrong += properties(event, ical.PropertyKind.XLICERROR_PROPERTY)
    if wrong:
        sys.exit("libical finds errors: " + "; ".join(one.as_ical_string() for one in wrong))
    method = calendar.get_first_property(ical.PropertyKind.METHOD_PROPERTY)
    events = [told(event) for event in components(calendar, ical.ComponentKind.VEVENT_COMPONENT)]
    return json.dumps({"method": method.get_value_as_string() if method else "", "events": events})


def answer(says):
    """Keeps what was sent, and one person: whoever answers."""
    calendar.set_method(getattr(ical.PropertyMethod, says["method"]))
    event = components(calendar, ical.ComponentKind.VEVENT_COMPONENT)[0]
    for one in properties(event, ical.PropertyKind.ATTENDEE_PROPERTY):
        if bare(one.get_attendee()).lower() != says["who"]:
            event.remove_property(one)
            continue
        one.set_parameter(ical.Parameter.new_partstat(getattr(ical.ParameterPartstat, says["status"])))
        one.remove_parameter_by_kind(ical.ParameterKind.RSVP_PARAMETER)
    if says.get("comment"):
        event.add_property(ical.Property.new_comment(says["comment"]))
    if says.get("zone"):
        zone = ical.Timezone.get_builtin_timezone(says["zone"])
        for put, local in ((event.set_dtstart, says["start"]), (event.set_dtend, says["end"])):
            time = ical.Time.new_from_string(local.replace("-", "").replace(":", ""))
            time.set_timezone(zone)
            put(time)
        calendar.add_component(zone.get_component().clone())
    return calendar.as_ical_string()


if sys.argv[1] == "read":
    sys.stdout.buffer.write(read().encode("utf-8"))
else:
    sys.stdout.buffer.write(answer(json.loads(sys.argv[2])).encode("utf-8"))
