package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hark/access"
	"hark/account"
	"hark/desk"
	"hark/policy"
	"hark/web"
	"hark/web/visit"
)

// cell says what a route does for somebody who may use it. A route that has no cell fails the test.
type cell struct {
	about string     // "" everybody with the right; "ticket" whoever sees Maria's ticket; "link" whoever holds a link
	form  url.Values // what a POST sends
	want  []int      // what a success answers; 200 for pages and 303 for forms when empty
}

func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

const nobodysToken = "bm9ib2R5IGV2ZXIgbWFkZSB0aGlzIHRva2Vu"

// exampleMark is what a page of the editor says that shows the policy the office began with.
var exampleMark = desk.PolicyDraft{Source: exampleSource()}.Mark()

func exampleSource() string {
	source, _ := policy.Example("customer-support-center")
	return string(source)
}

// cells is what every route is for. What is right for whom follows from access.May and from whose ticket it is.
var cells = map[string]cell{
	"GET /{$}":                                       {want: []int{303}},
	"GET /sign-in":                                   {want: []int{200, 303}},
	"POST /sign-in":                                  {form: form("email", "nobody@agency.example", "password", "wrong"), want: []int{401, 422, 429}},
	"POST /sign-out":                                 {},
	"GET /setup/{token}":                             {},
	"POST /setup":                                    {form: form("token", nobodysToken, "company", "C", "name", "N", "email", "n@agency.example", "password", password), want: []int{404, 422}},
	"GET /join/{token}":                              {},
	"POST /join/{token}":                             {form: form("password", password), want: []int{404, 422}},
	"GET /sign-in/forgot":                            {},
	"POST /sign-in/forgot":                           {form: form("email", "nobody@agency.example"), want: []int{200, 429}},
	"GET /sign-in/link/{token}":                      {},
	"POST /sign-in/link/{token}":                     {want: []int{404, 422}},
	"GET /sign-in/password/{token}":                  {},
	"POST /sign-in/password/{token}":                 {form: form("password", password), want: []int{404, 422}},
	"GET /support/{page}":                            {want: []int{404}},
	"GET /handbook/{page}":                           {want: []int{404}},
	"GET /handbook/procedures/{procedure}":           {want: []int{404}}, // what runs has none; it has its own test
	"GET /brands/{id}/style.css":                     {},
	"GET /policy/versions/{id}":                      {},
	"GET /admin/policy":                              {},
	"POST /admin/policy/begin":                       {form: form("brand", "1", "example", "customer-support-center")},
	"GET /admin/policy/edit":                         {},
	"POST /admin/policy/edit":                        {form: form("brand", "1", "source", "policy: hark/v1", "do", "check", "drawn", exampleMark), want: []int{303, 409}},
	"GET /admin/policy/procedures":                   {want: []int{303}}, // what runs has none
	"GET /admin/policy/plan":                         {want: []int{303}},
	"GET /admin/policy/replay":                       {},
	"POST /admin/policy/replay":                      {form: form("brand", "1"), want: []int{303, 422, 429}},
	"POST /admin/policy/apply":                       {form: form("brand", "1", "reason", "Because.", "drawn", exampleMark), want: []int{422, 303, 409}},
	"GET /admin/policy/proposal":                     {want: []int{303}}, // nobody has asked for anything
	"POST /admin/policy/proposal":                    {form: form("brand", "1", "id", nobodysToken, "do", "apply"), want: []int{303, 409, 422}},
	"POST /me/preferences":                           {form: form("theme", "dark")},
	"GET /me":                                        {},
	"POST /me":                                       {form: form("name", "The Same", "zone", "")},
	"GET /me/hours":                                  {},
	"POST /me/hours":                                 {form: form("do", "week", "own", "company", "zone", "")},
	"GET /admin/people/{id}/hours":                   {want: []int{404}}, // Dora answers nobody, so she has no calls
	"POST /admin/people/{id}/hours":                  {form: form("do", "week", "own", "company", "zone", ""), want: []int{404}},
	"POST /me/password":                              {form: form("current", "wrong", "password", password), want: []int{403, 429}}, // theirs is changed in a test of its own
	"POST /me/sessions/end":                          {},
	"POST /me/sessions/{session}/end":                {want: []int{404}}, // nobody has this one
	"GET /inbox":                                     {},
	"POST /inbox/bulk":                               {form: form("tag", "x", "return", "/inbox")},
	"POST /inbox/bulk/undo":                          {form: form("change", "1-1", "return", "/inbox")},
	"GET /feedback":                                  {},
	"POST /feedback/{id}":                            {form: form("do", "settle"), want: []int{404}}, // nobody has said anything; each has its own test
	"GET /search":                                    {},
	"GET /live":                                      {},
	"GET /tickets/new":                               {},
	"POST /tickets/new":                              {form: form("requester", "new@elsewhere.example", "subject", "By phone", "body", "They called.", "key", "k")},
	"GET /tickets/{id}":                              {about: "ticket"},
	"GET /tickets/{id}/customer":                     {about: "ticket"},
	"GET /tickets/{id}/why":                          {about: "ticket"},
	"GET /tickets/{id}/presence":                     {about: "ticket"},
	"GET /tickets/{id}/files/{file}":                 {about: "ticket"},
	"POST /tickets/{id}/reply":                       {about: "ticket", form: form("body", "An answer", "status", "pending")},
	"POST /tickets/{id}/note":                        {about: "ticket", form: form("body", "A note")},
	"POST /tickets/{id}/draft":                       {about: "ticket", form: form("body", "Half an ans"), want: []int{204}},
	"POST /tickets/{id}/undo/{send}":                 {about: "ticket", want: []int{404, 409, 422}}, // Ben's to take back, and it is too late
	"POST /tickets/{id}/status":                      {about: "ticket", form: form("status", "open")},
	"POST /tickets/{id}/assign":                      {about: "ticket", form: form("assign", "")},
	"POST /tickets/{id}/kind":                        {about: "ticket", form: form("kind", "question")},
	"POST /tickets/{id}/priority":                    {about: "ticket", form: form("priority", "high")},
	"POST /tickets/{id}/tags":                        {about: "ticket", form: form("add", "broken")},
	"POST /tickets/{id}/fact":                        {about: "ticket", form: form("fact", "ticket.topic", "value", "network"), want: []int{400}}, // what runs asks nobody for it
	"POST /tickets/{id}/phase":                       {about: "ticket", form: form("phase", "review"), want: []int{422}},                          // what runs has no phases
	"POST /tickets/{id}/scope":                       {about: "ticket", form: form("clause", "limits.coding"), want: []int{400}},                  // what runs has no scope
	"POST /tickets/{id}/change":                      {about: "ticket", form: form("change", "timezone"), want: []int{400}},
	"POST /tickets/{id}/subject":                     {about: "ticket", form: form("subject", "Redirect broken")},
	"POST /tickets/{id}/later":                       {about: "ticket", form: form("later", "yes")},
	"GET /tickets/{id}/hand":                         {about: "ticket"},
	"POST /tickets/{id}/hand":                        {about: "ticket", form: form("group", "99999", "reason", "They know"), want: []int{400}}, // no group has this number; it has its own tests
	"GET /tickets/{id}/merge":                        {about: "ticket"},
	"POST /tickets/{id}/merge":                       {about: "ticket", form: form("with", "99999", "reason", "One thing", "seen", ""), want: []int{404}}, // nobody's; it has its own tests
	"POST /tickets/{id}/follow-up":                   {about: "ticket"},
	"GET /tickets/{id}/review":                       {about: "ticket", want: []int{404}}, // the policy that runs reviews nothing; it has its own test
	"POST /tickets/{id}/review":                      {about: "ticket", form: form("step", "identify", "base", "0", "key", "1"), want: []int{404}},
	"GET /tickets/{id}/call":                         {about: "ticket", want: []int{404}}, // the policy that runs has no calls; each has its own test
	"POST /tickets/{id}/call":                        {about: "ticket", form: form("do", "book", "start", "2026-11-25T15:00:00Z"), want: []int{404}},
	"GET /calls":                                     {},
	"GET /calls/week":                                {},
	"POST /calls/feed":                               {form: form("do", "new"), want: []int{200}},
	"GET /calls/feed/{token}":                        {want: []int{404}},                            // nobody's
	"POST /held/{id}/accept":                         {about: "ticket", want: []int{303, 409, 422}}, // once
	"POST /held/{id}/discard":                        {about: "ticket", want: []int{303, 409, 422}},
	"POST /tickets/{id}/prepared":                    {about: "ticket", form: form("message", "received"), want: []int{404}}, // what runs has no procedures, and so no prepared messages
	"GET /phone":                                     {},
	"POST /phone":                                    {},
	"GET /phone/{id}":                                {},
	"GET /phone/{id}/found":                          {},
	"GET /phone/{id}/files/{file}":                   {want: []int{404}},                                                               // its procedure names none; it has its own test
	"POST /phone/{id}/answer":                        {form: form("step", "identify", "base", "0", "key", "1"), want: []int{303, 422}}, // 422: Ben has this call
	"POST /phone/{id}/back":                          {form: form("step", "identify", "base", "0"), want: []int{303, 422}},
	"POST /phone/{id}/choose":                        {form: form("q", "nobody", "who", "1/"), want: []int{404, 422}}, // nobody is found like that
	"POST /phone/{id}/undo":                          {form: form("mail", "1"), want: []int{404, 422}},                // it has no mail
	"POST /phone/{id}/send":                          {form: form("message", "received", "address", "maria@greenfund.example"), want: []int{404, 422}},
	"POST /phone/{id}/code":                          {form: form("key", "k"), want: []int{422}},       // nobody is chosen
	"POST /phone/{id}/verify":                        {form: form("said", "123456"), want: []int{422}}, // nor can they prove anything
	"POST /phone/{id}/note":                          {form: form("note", "A note"), want: []int{303, 422}},
	"POST /phone/{id}/ticket":                        {form: form("note", ""), want: []int{303, 422}}, // 422: nobody is chosen
	"POST /phone/{id}/number":                        {form: form("number", "+12065550142"), want: []int{303, 422}},
	"POST /phone/{id}/park":                          {want: []int{303, 422}},
	"POST /phone/{id}/hand":                          {form: form("to", "group:1", "reason", "They know"), want: []int{303, 422}},
	"POST /phone/{id}/take":                          {form: form("seen", "ringing"), want: []int{303, 422}},
	"POST /phone/{id}/hang-up":                       {want: []int{303, 422}},
	"POST /phone/{id}/end":                           {form: form("outcome", "-", "note", ""), want: []int{303, 422}},
	"POST /phone/{id}/pass-on":                       {want: []int{422}}, // there is nothing to pass on
	"POST /api/calls/events":                         {want: []int{401}}, // without a signature
	"POST /api/calls/twilio":                         {want: []int{401}},
	"GET /articles":                                  {},
	"POST /articles":                                 {form: form("brand", "1", "do", "new")},
	"GET /articles/synonyms":                         {},
	"POST /articles/synonyms":                        {form: form("brand", "1", "synonyms", "invoice, bill"), want: []int{303, 409}}, // once
	"GET /articles/sections":                         {},
	"POST /articles/sections":                        {form: form("brand", "1", "name", "Invoices", "do", "add"), want: []int{303, 409}}, // once
	"GET /articles/{id}":                             {},
	"POST /articles/{id}":                            {form: form("drawn", "another text", "title", "T", "body", "B", "audience", "public", "do", "save"), want: []int{409}}, // a page that has become old
	"POST /articles/{id}/checked":                    {},
	"POST /articles/{id}/pictures":                   {want: []int{400, 422}}, // without a picture
	"GET /articles/{id}/versions":                    {},
	"POST /articles/{id}/comments/{comment}":         {form: form("do", "show")},
	"GET /articles/community":                        {},
	"GET /community":                                 {},
	"GET /community.atom":                            {},
	"GET /community/ask":                             {want: []int{200, 303, 404}}, // strangers sign in first, and colleagues have nothing to ask here
	"POST /community/ask":                            {form: form("kind", "question", "title", "T", "body", "B", "key", "k")},
	"GET /community/{id}":                            {},
	"POST /community/posts/{id}/answer":              {form: form("body", "B", "key", "k")},
	"POST /community/posts/{id}/correct":             {form: form("title", "T", "body", "B"), want: []int{303, 404, 422}}, // Maria's alone, for an hour
	"POST /community/posts/{id}/back":                {want: []int{404, 422}},                                             // Maria's alone, and somebody has answered
	"POST /community/posts/{id}/accept":              {form: form("do", "yes"), want: []int{404}},                         // it is no answer
	"POST /community/posts/{id}/want":                {form: form("do", "want"), want: []int{404}},                        // it is no idea
	"POST /community/posts/{id}/report":              {form: form("reason", "R")},
	"POST /community/posts/{id}/moderate":            {form: form("do", "keep")},
	"POST /community/posts/{id}/turn":                {form: form("do", "ticket")},
	"GET /community/end/{token}":                     {},
	"POST /community/end/{token}":                    {form: form("List-Unsubscribe", "One-Click"), want: []int{404}}, // nobody's mail has this link
	"GET /tickets/{id}/articles":                     {about: "ticket"},
	"GET /help":                                      {},
	"GET /requests/suggest":                          {},
	"POST /help/missed":                              {form: form("q", "withdrawal"), want: []int{204, 429}},
	"GET /help/versions":                             {},
	"GET /help/sections/{section}":                   {},
	"GET /help/pictures/{picture}":                   {want: []int{404}}, // there is none; it has its own test
	"GET /help/{slug}":                               {},
	"POST /help/{slug}/helpful":                      {form: form("helped", "yes")},
	"POST /help/{slug}/comments":                     {form: form("body", "Thank you", "key", "k"), want: []int{303, 401}}, // strangers sign in first
	"GET /reports":                                   {},
	"GET /reports/list":                              {want: []int{404}}, // no number is asked for; each has its own test
	"GET /reports/export":                            {want: []int{404}},
	"POST /reports/mail":                             {form: form("brand", "1", "weekday", "1", "hour", "8", "do", "begin")},
	"GET /reports/end/{token}":                       {},
	"POST /reports/end/{token}":                      {form: form("List-Unsubscribe", "One-Click"), want: []int{404}}, // nobody's mail has this link
	"GET /wall":                                      {},
	"GET /mail/in":                                   {},
	"GET /mail/in/{id}":                              {about: "ticket"},
	"GET /mail/in/{id}/raw":                          {about: "ticket"},
	"GET /mail/out":                                  {},
	"GET /mail/out/{id}":                             {about: "ticket"},
	"POST /mail/in/{id}/again":                       {about: "ticket", want: []int{303, 409}}, // only what could not be read
	"POST /mail/out/{id}/retry":                      {about: "ticket", want: []int{303, 409, 422}},
	"GET /portal":                                    {},
	"GET /portal/code":                               {},
	"POST /portal/code":                              {form: form("email", "who@elsewhere.example"), want: []int{200, 429}},
	"GET /portal/phone":                              {},
	"POST /portal/phone":                             {},
	"GET /requests/new":                              {},
	"POST /requests/new":                             {form: form("subject", "S", "body", "B", "name", "N", "email", "n@elsewhere.example", "key", "k"), want: []int{200, 303, 401, 403, 429}}, // strangers sign in first where the policy says so; staff who may not open tickets may not here either
	"GET /widget.js":                                 {},
	"GET /widget":                                    {},
	"POST /widget":                                   {form: form("subject", "S", "body", "B", "name", "N", "email", "n@elsewhere.example", "key", "k"), want: []int{303, 429}},
	"GET /confirm/{token}":                           {},
	"POST /confirm/{token}":                          {want: []int{404, 422}},
	"GET /requests/{id}":                             {about: "ticket"},
	"POST /requests/{id}/reply":                      {about: "ticket", form: form("body", "From the page")},
	"GET /requests/{id}/files/{file}":                {about: "ticket"},
	"GET /requests/{id}/escalation":                  {about: "ticket", want: []int{404}}, // what runs has no escalation; it has its own tests
	"POST /requests/{id}/escalation":                 {about: "ticket", form: form("body", "We cannot sell."), want: []int{404, 422}},
	"GET /t/{token}/escalation":                      {about: "link", want: []int{303}},
	"POST /t/{token}/escalation":                     {about: "link", form: form("body", "We cannot sell."), want: []int{404, 422}},
	"GET /requests/{id}/call":                        {about: "ticket"},
	"POST /requests/{id}/call":                       {about: "ticket", form: form("do", "hold", "start", "2026-11-25T15:00:00Z"), want: []int{422}},
	"GET /requests/{id}/call.ics":                    {about: "ticket", want: []int{404}},
	"GET /t/{token}/call":                            {about: "link"},
	"POST /t/{token}/call":                           {about: "link", form: form("do", "hold", "start", "2026-11-25T15:00:00Z"), want: []int{422}},
	"GET /t/{token}/call.ics":                        {about: "link", want: []int{404}},
	"GET /requests/{id}/rating":                      {about: "ticket", want: []int{404}}, // nobody was asked about it; each has its own test
	"POST /requests/{id}/rating":                     {about: "ticket", form: form("score", "good"), want: []int{404}},
	"GET /t/{token}/rating":                          {about: "link", want: []int{303}},
	"POST /t/{token}/rating":                         {about: "link", form: form("score", "good"), want: []int{404}},
	"GET /t/{token}":                                 {about: "link"},
	"POST /t/{token}/reply":                          {about: "link", form: form("body", "By the link")},
	"POST /links/fresh":                              {form: form("link", "/t/"+nobodysToken), want: []int{200, 429}},
	"GET /t/{token}/files/{file}":                    {about: "link"},
	"GET /policy":                                    {},
	"GET /support":                                   {},
	"GET /policy.json":                               {},
	"GET /whats-new":                                 {},
	"GET /whats-new/{id}":                            {},
	"GET /whats-new.atom":                            {},
	"GET /whats-new.json":                            {},
	"POST /whats-new/follow":                         {form: form("email", "who@elsewhere.example"), want: []int{200, 429}},
	"GET /whats-new/confirm/{token}":                 {},
	"POST /whats-new/confirm/{token}":                {want: []int{404}},
	"GET /whats-new/end/{token}":                     {},
	"POST /whats-new/end/{token}":                    {form: form("List-Unsubscribe", "One-Click"), want: []int{404}}, // nobody's letter has this link
	"GET /roadmap":                                   {},
	"POST /roadmap/vote":                             {form: form("card", "1", "do", "want")},
	"GET /roadmap/for/{token}":                       {want: []int{404}}, // nobody's link
	"POST /roadmap/for/{token}":                      {want: []int{404}, form: form("card", "1", "do", "want")},
	"GET /whats-new/entries":                         {},
	"GET /whats-new/entries/{id}":                    {},
	"POST /whats-new/entries/{id}":                   {form: form("kind", "new", "title", "T", "base", "0"), want: []int{409}}, // from a page that is older than the last change
	"GET /whats-new/entries/{id}/publish":            {want: []int{303}},                                                       // it is published already
	"POST /whats-new/entries/{id}/publish":           {want: []int{409}},
	"POST /whats-new/entries/{id}/take-back":         {want: []int{409}},
	"GET /roadmap/cards":                             {},
	"GET /roadmap/cards/{id}":                        {},
	"POST /roadmap/cards/{id}":                       {form: form("title", "T", "base", "0"), want: []int{409}},
	"POST /roadmap/cards/{id}/decide":                {form: form("state", "planned", "reason", "R", "base", "0"), want: []int{409}},
	"GET /roadmap/review":                            {},
	"POST /tickets/{id}/card":                        {about: "ticket", form: form("card", "1", "do", "join")},
	"GET /admin/setup":                               {want: []int{303}},
	"GET /admin/setup/{step}":                        {},
	"POST /admin/setup/{step}":                       {form: form("company", "The Agency", "product", "", "address", "", "do", "next")},
	"POST /admin/setup/later":                        {},
	"POST /admin/setup/mail":                         {},
	"GET /admin/engineers":                           {},
	"GET /admin/engineers/{id}":                      {want: []int{404}}, // none is connected; it has its own tests
	"POST /admin/engineers/{id}":                     {form: form("address", "https://github.com/acme/shop", "token", "0123456789", "do", "save"), want: []int{404}},
	"GET /admin/policy/files":                        {},
	"POST /admin/policy/files":                       {form: form("brand", "1"), want: []int{400, 422}},      // without a file
	"POST /admin/policy/files/{id}/replace":          {form: form("brand", "1"), want: []int{400, 404, 422}}, // there is none
	"POST /admin/policy/files/{id}/remove":           {form: form("brand", "1"), want: []int{404}},           // there is none
	"GET /admin/telephones":                          {},
	"POST /admin/telephones/line":                    {form: form("do", "off")},
	"POST /admin/telephones/twilio":                  {form: form("do", "off")},
	"POST /admin/telephones/numbers":                 {form: form("numbers", "")},
	"POST /admin/telephones/ring":                    {},
	"GET /admin/import":                              {},
	"POST /admin/import/mail":                        {want: []int{422}}, // no file was chosen
	"POST /admin/import/zendesk":                     {form: form("do", "look", "address", "nowhere.example", "email", "ana@agency.example", "token", "0123456789"), want: []int{422, 404}},
	"POST /admin/import/customers":                   {form: form("table", "name,email\nIris,iris@elsewhere.example", "email", "1", "name", "0", "organization", "-1", "do", "look"), want: []int{200}},
	"GET /hours.ics":                                 {},
	"GET /admin":                                     {want: []int{303}},
	"GET /admin/mailboxes":                           {},
	"GET /admin/mailboxes/{id}":                      {},
	"POST /admin/mailboxes/{id}":                     {form: form("address", address, "do", "save")},
	"GET /admin/people":                              {},
	"GET /admin/people/{id}":                         {},
	"POST /admin/people/{id}":                        {form: form("name", "Dora Lind", "email", "dora@agency.example", "role", "light", "group", "1", "do", "save")},
	"GET /admin/groups":                              {},
	"GET /admin/groups/{id}":                         {},
	"POST /admin/groups/{id}":                        {form: form("name", "Support", "member", "2", "member", "4", "do", "save")},
	"GET /admin/brands":                              {},
	"GET /admin/brands/{id}":                         {},
	"POST /admin/brands/{id}":                        {form: form("name", "The Agency", "colour", "#0e8a8a", "do", "save")},
	"GET /healthz":                                   {},
	"GET /readyz":                                    {},
	"GET /metrics":                                   {want: []int{404}}, // nobody counts in these tests
	"GET /assets/{name}":                             {want: []int{404}}, // there is no such asset
	"GET /favicon.svg":                               {},
	"GET /favicon.ico":                               {},
	"GET /demo":                                      {},
	"POST /demo/mail":                                {form: form("from", "iris@elsewhere.example", "subject", "S", "body", "B")},
	"POST /demo/next":                                {form: form("back", "/inbox"), want: []int{303, 422}}, // 422 when nothing is planned
	"GET /demo/outbox":                               {},
	"GET /demo/outbox/{id}":                          {},
	"GET /demo/outbox/{id}/html":                     {},
	"POST /demo/outbox/{id}/reply":                   {form: form("body", "An answer from the letter box")},
	"POST /api/shop/events":                          {want: []int{401}}, // it is signed, or it is nothing
	"GET /problems":                                  {},
	"GET /problems/new":                              {want: []int{422}}, // what runs speaks of no known problems; each has its own test
	"POST /problems/new":                             {form: form("title", "T", "ticket", "", "key", "k"), want: []int{422}},
	"GET /problems/{id}":                             {want: []int{404}},
	"GET /problems/{id}/edit":                        {want: []int{404}},
	"POST /problems/{id}/edit":                       {form: form("title", "T"), want: []int{404}},
	"GET /problems/{id}/answer":                      {want: []int{404}},
	"POST /problems/{id}/answer":                     {form: form("ticket", "1", "body", "B"), want: []int{404}},
	"POST /problems/{id}/fixed":                      {want: []int{404}},
	"POST /problems/{id}/reopen":                     {want: []int{404}},
	"POST /problems/{id}/log":                        {want: []int{404}},
	"POST /api/engineers/{id}":                       {want: []int{204}}, // whatever is sent: see TestForgedDeliveriesChangeNothingAndAnswerAlike
	"GET /tickets/{id}/problems":                     {about: "ticket"},
	"POST /tickets/{id}/problem":                     {about: "ticket", form: form("problem", "1"), want: []int{404}}, // there is no known problem
	"GET /customers":                                 {},
	"POST /customers":                                {form: form("email", "new@customer.example", "name", "New Customer")},
	"GET /customers/{id}":                            {},
	"POST /customers/{id}/owns":                      {form: form("form", "phone", "phone", "+49 30 1234567")},
	"GET /customers/{id}/merge":                      {},
	"POST /customers/{id}/merge":                     {form: form("with", "99999", "reason", "One person", "seen", ""), want: []int{404}}, // nobody; it has its own tests
	"POST /customers/{id}/record":                    {form: form("said:project.lead", "")},
	"POST /organizations/{id}/record":                {form: form("said:project.lead", "")},
	"POST /customers/{id}/contacts/{contact}/forget": {want: []int{404}}, // nobody has this one
	"GET /organizations/{id}":                        {},
	"POST /organizations/{id}/owns":                  {form: form("form", "licence", "product", "A product", "site", "site.example")},
	"POST /tickets/{id}/about":                       {about: "ticket", form: form("about", "")},
	"POST /tickets/{id}/project":                     {about: "ticket", form: form("project", "")},
}

// who is one column of the matrix.
type who struct {
	person  account.Person // zero for who has no account
	name    string
	visitor *visitor
	actor   access.Actor
	sees    bool   // Maria's ticket, which is in the support group
	token   string // of a signed link, when they hold one
	ours    bool   // the link is of Maria's ticket
}

func (o *office) columns() []who {
	person := func(name string, p account.Person, sees bool) who {
		current, err := o.desk.Person(ctx, o.ana.Actor(), p.ID) // with their groups as they are now
		o.must(err)
		return who{name: name, person: p, visitor: o.as(p), actor: current.Actor(), sees: sees}
	}
	link := func(name string, ticket int64, p account.Person, ours bool) who {
		return who{name: name, visitor: o.stranger(), token: strings.TrimPrefix(o.link(ticket, p), "/t/"), ours: ours}
	}
	return []who{
		{name: "stranger", visitor: o.stranger()},
		person("customer, another's ticket", o.tomas, false),
		person("agent outside the group", o.cem, false),
		link("link of another ticket", o.tomass, o.tomas, false),
		link("link of this ticket", o.marias, o.maria, true),
		person("customer, own ticket", o.maria, true),
		person("light agent in the group", o.dora, true),
		person("agent in the group", o.ben, true),
		person("administrator", o.ana, true),
	}
}

// wants is the whole rule.
func wants(r visit.Route, c cell, w who) []int {
	switch {
	case c.about == "link" && w.token == "":
		return []int{404}
	case c.about == "link" && !w.ours && strings.Contains(r.Pattern, "{file}"):
		return []int{404} // their link, somebody else's file
	case c.about == "link":
	case !access.May(w.actor, r.Right) && w.actor.Role == access.Nobody && r.Method == "GET":
		return []int{303} // to the way in
	case !access.May(w.actor, r.Right) && w.actor.Role == access.Nobody:
		return []int{401}
	case !access.May(w.actor, r.Right), c.about == "ticket" && !w.sees:
		return []int{404}
	}
	if c.want != nil {
		return c.want
	}
	if r.Method == "GET" {
		return []int{200}
	}
	return []int{303}
}

// address fills a route's pattern with things that exist.
func (o *office) address(r visit.Route, w who) string {
	id := o.marias
	switch {
	case strings.HasSuffix(r.Pattern, "/follow-up"):
		id = o.closed
	case strings.HasPrefix(r.Pattern, "/held/"):
		id = o.held
	case strings.HasPrefix(r.Pattern, "/mail/in/"):
		id = o.mail
	case strings.HasPrefix(r.Pattern, "/mail/out/"), strings.HasPrefix(r.Pattern, "/demo/outbox/"):
		id = o.sent
	case strings.HasPrefix(r.Pattern, "/phone/"):
		id = o.phone
	case strings.HasPrefix(r.Pattern, "/community/"):
		id = o.thread
	case strings.HasPrefix(r.Pattern, "/articles/"):
		id = o.article
	case strings.HasPrefix(r.Pattern, "/admin/people/"):
		id = o.dora.ID
	case strings.HasPrefix(r.Pattern, "/customers/"):
		id = o.maria.ID
	case strings.HasPrefix(r.Pattern, "/organizations/"), strings.HasPrefix(r.Pattern, "/admin/"), strings.HasPrefix(r.Pattern, "/policy/"), strings.HasPrefix(r.Pattern, "/whats-new/"), strings.HasPrefix(r.Pattern, "/roadmap/"):
		id = 1
	}
	token := nobodysToken
	if strings.HasPrefix(r.Pattern, "/t/") && w.token != "" {
		token = w.token
	}
	return strings.NewReplacer("{id}", strconv.FormatInt(id, 10), "{file}", strconv.FormatInt(o.mariasFile, 10), "{send}", strconv.FormatInt(o.audit, 10),
		"{token}", token, "{name}", "nothing.css", "{page}", "nothing", "{session}", "0123456789abcdef", "{procedure}", "nothing", "{contact}", "99999", "{picture}", "99999", "{slug}", "how-to-sign-in", "{section}", "first-steps", "{comment}", strconv.FormatInt(o.comment, 10), "{step}", "1", "{$}", "").Replace(r.Pattern)
}

// last are the routes that change what all others stand on.
var last = []string{"POST /demo/next", "POST /sign-out"}

func TestB13_EveryRouteForEverybody(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		routes := web.Routes(o.desk, o.options)
		slices.SortStableFunc(routes, func(a, b visit.Route) int {
			return slices.Index(last, a.Method+" "+a.Pattern) - slices.Index(last, b.Method+" "+b.Pattern)
		})
		columns := o.columns()
		seen := map[string]bool{}
		for _, r := range routes {
			name := r.Method + " " + r.Pattern
			c, known := cells[name]
			if !known {
				t.Errorf("%s: nobody has said who may do this and what it answers", name)
				continue
			}
			seen[name] = true
			for _, w := range columns {
				if slices.Contains(last, name) && w.person.ID != 0 {
					w.visitor = o.as(w.person) // the clock jumps, and sessions end
				}
				got := o.visitAs(r, c, w)
				if want := wants(r, c, w); !slices.Contains(want, got.status) {
					t.Errorf("%s as %s: answered %d, want %v: %s", name, w.name, got.status, want, excerpt(got.body))
				}
				if !w.sees && !w.ours && w.actor.Role != access.Admin && strings.Contains(got.body, "INTERNAL only we know this") {
					t.Errorf("%s as %s shows an internal note", name, w.name)
				}
			}
		}
		for name := range cells {
			if !seen[name] {
				t.Errorf("%s is expected and is no route", name)
			}
		}
	})
}

func (o *office) visitAs(r visit.Route, c cell, w who) answer {
	path := o.address(r, w)
	if r.Method == "GET" {
		return w.visitor.get(path)
	}
	values := url.Values{}
	for name, value := range c.form {
		values[name] = value
	}
	if w.token != "" && values.Get("key") != "" {
		values.Set("key", w.token)
	}
	return w.visitor.post(path, values)
}

var tags = regexp.MustCompile(`<[^>]*>|\s+`)

// excerpt is what a page says first.
func excerpt(body string) string {
	if i := strings.Index(body, "<main"); i >= 0 {
		body = body[i:]
	}
	body = strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
	return body[:min(len(body), 300)]
}

func TestI3_AbsentAndNotAllowedLookTheSame(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		cem := o.as(o.cem)
		for _, path := range []string{"/tickets/%", "/tickets/%/why", "/tickets/%/files/1"} {
			forbidden := cem.get(strings.Replace(path, "%", strconv.FormatInt(o.marias, 10), 1))
			absent := cem.get(strings.Replace(path, "%", "999999", 1))
			if forbidden.status != http.StatusNotFound || forbidden.status != absent.status || nonceless(forbidden.body) != nonceless(absent.body) {
				t.Errorf("%s: not allowed answers %d (%d bytes), absent %d (%d bytes)", path, forbidden.status, len(forbidden.body), absent.status, len(absent.body))
			}
		}
		for _, path := range []string{"/inbox", "/tickets/" + strconv.FormatInt(o.tomass, 10), o.link(o.marias, o.maria), "/join/" + nobodysToken} {
			got := cem.get(path)
			if got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s may be kept by caches: %q", path, got.header.Get("Cache-Control"))
			}
			if strings.Contains(path, "/t/") && got.header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s tells its address on: %q", path, got.header.Get("Referrer-Policy"))
			}
		}
	})
}

func TestI4_NothingIgnoresWhatFollows(t *testing.T) {
	o := open(t, sqlite(t))
	ben := o.as(o.ben)
	id := strconv.FormatInt(o.marias, 10)
	for _, path := range []string{"/tickets/" + id + "/x.css", "/tickets/" + id + "%2fx.js", "/tickets/" + id + ";x.png", "/tickets/" + id + ".css", "/tickets/0" + "x", "/inbox/x.css", "/inbox;x.png", "/portal/x.css", o.link(o.marias, o.maria) + "/x.css"} {
		if got := ben.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s answered %d, want 404", path, got.status)
		}
	}
}

func TestB6_B7_ChildrenBelongToTheirParent(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ana := o.as(o.ana) // sees everything, so that only the parent can refuse
		for path, form := range map[string]url.Values{
			"/tickets/%/files/" + strconv.FormatInt(o.tomassFile, 10):                                 nil,
			"/tickets/" + strconv.FormatInt(o.tomass, 10) + "/undo/" + strconv.FormatInt(o.audit, 10): {},
		} {
			path = strings.Replace(path, "%", strconv.FormatInt(o.marias, 10), 1)
			got := ana.get(path)
			if form != nil {
				got = ana.post(path, form)
			}
			if got.status != http.StatusNotFound {
				t.Errorf("%s answered %d, want 404", path, got.status)
			}
		}
		maria := o.as(o.maria)
		if got := maria.get("/requests/" + strconv.FormatInt(o.marias, 10) + "/files/" + strconv.FormatInt(o.tomassFile, 10)); got.status != http.StatusNotFound {
			t.Errorf("Tomas's file under Maria's request answered %d", got.status)
		}
		if got := o.stranger().get(o.link(o.marias, o.maria) + "/files/" + strconv.FormatInt(o.tomassFile, 10)); got.status != http.StatusNotFound {
			t.Errorf("Tomas's file under Maria's link answered %d", got.status)
		}
		if got := maria.get("/requests/" + strconv.FormatInt(o.marias, 10) + "/files/" + strconv.FormatInt(o.mariasFile, 10)); got.status != http.StatusOK {
			t.Errorf("Maria's own file answered %d", got.status)
		}
	})
}
