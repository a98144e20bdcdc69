package gallery

import "hark/web/shared"

func steps() []shared.Step {
	return []shared.Step{
		{Title: "Request received", At: at("Fri 20 Nov 09:12", "Fri 20 Nov 2026, 09:12 EST", "2026-11-20T09:12:00-05:00"), State: "done"},
		{Title: "Answered", At: at("Fri 20 Nov 09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), State: "done"},
		{Title: "Waits for your answer", At: at("since 09:31", "Fri 20 Nov 2026, 09:31 EST", "2026-11-20T09:31:00-05:00"), State: "now", Says: "Ana asked two questions. We remind you once tomorrow and once on Wednesday."},
		{Title: "Closes, if we hear nothing", At: at("Fri 27 Nov 16:30", "Fri 27 Nov 2026, 16:30 EST", "2026-11-27T16:30:00-05:00"), State: "next"},
		{Title: "Estimate", State: "skipped"},
	}
}
