//go:build bench

package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"hark/access"
	"hark/desk"
	"hark/store"
	"hark/store/storetest"
	"hark/web"
	"hark/web/visit"
)

// BenchmarkPages makes pages inside this process, where a profile sees what they cost:
// go test -tags bench -run - -bench Pages -cpuprofile cpu.out ./internal/bench
func BenchmarkPages(b *testing.B) {
	config := store.Config{Dir: b.TempDir()}
	db := storetest.Open(b, config)
	filled, err := storetest.Fill(b.Context(), config, 20_000)
	if err != nil {
		b.Fatal(err)
	}
	d, err := desk.Open(b.Context(), db, desk.RealClock{}, desk.WithSecret(make([]byte, 32)))
	if err != nil {
		b.Fatal(err)
	}
	ana := desk.NewPerson{Name: "Ana Ruiz", Email: "ana@agency.example", Role: access.Admin, Password: "a long enough password"}
	if _, err := d.AddPerson(b.Context(), access.Clock, ana); err != nil {
		b.Fatal(err)
	}
	session, err := d.SignIn(b.Context(), desk.SignIn{Email: ana.Email, Password: ana.Password})
	if err != nil {
		b.Fatal(err)
	}
	pages, err := web.New(d, web.Options{Guard: &visit.Guard{Key: d.Key("forms")}})
	if err != nil {
		b.Fatal(err)
	}
	for _, path := range []string{"/inbox?view=all", "/inbox?view=next", fmt.Sprintf("/tickets/%d", filled.Long), "/search?q=" + storetest.Frequent} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				request := httptest.NewRequest(http.MethodGet, path, nil)
				request.AddCookie(&http.Cookie{Name: visit.SessionCookie, Value: session.Token})
				answer := httptest.NewRecorder()
				if pages.ServeHTTP(answer, request); answer.Code != http.StatusOK {
					b.Fatalf("%s answered %d", path, answer.Code)
				}
			}
		})
	}
}
