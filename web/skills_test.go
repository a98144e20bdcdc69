package web_test

import (
	"strings"
	"testing"
)

// Ana writes down what Ben knows best; the list of people shows it, and what is too long comes back at its field.
func TestAnAdministratorWritesDownSkills(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana, path := o.as(o.ana), "/admin/people/"+number(o.ben.ID)
		fields := func(skills string) map[string][]string {
			return form("name", "Ben Okafor", "email", "ben@agency.example", "role", "agent", "do", "save", "skills", skills)
		}
		if got := ana.post(path, fields("Setup, , integration,setup")); got.status != 303 {
			t.Fatalf("saving answers %d", got.status)
		}
		ana.get("/admin/people").reads(t, "Skills: Setup, integration")
		if page := ana.get(path); !strings.Contains(page.body, `value="Setup, integration"`) {
			t.Error("the form does not hold the skills")
		}
		long := strings.Repeat("very ", 10) + "long"
		refused := ana.post(path, fields("Setup, "+long))
		if refused.status < 400 || !strings.Contains(refused.body, `href="#skills"`) || !strings.Contains(refused.body, "Setup, "+long) {
			t.Errorf("a long skill answers %d: %s", refused.status, excerpt(refused.body))
		}
		refused.reads(t, "has at most 40 letters")
	})
}
