package web_test

import (
	"database/sql"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/policy"
)

// Each kind of request says how long it usually takes until somebody begins with it: what the policy says, of any policy.
func TestTheRequestFormSaysHowLongUntilWeBegin(t *testing.T) {
	eachRaw(t, func(t *testing.T, o *office, _ *sql.DB) {
		for name, wanted := range map[string][]string{
			"customer-support-center": {"Question", "Usual time until we begin: often within the hour.", "Usual time until we begin: 24 to 30 hours, which is the next business day."},
			"what-happens-next":       {"Bug or wrong data Usual time until we begin: 2 business hours to 3 business days."},
			"piperocks-crm":           {"Account and subscription Usual time until we begin: within 1 business day.", "Technical help"},
		} {
			source, _ := policy.Example(name)
			_, err := o.desk.ApplyPolicy(ctx, access.Clock, desk.NewPolicy{File: "policy.yaml", Source: source, Reason: "to look at its form"})
			o.must(err)
			o.stranger().get("/requests/new").reads(t, wanted...)
		}
	})
}
