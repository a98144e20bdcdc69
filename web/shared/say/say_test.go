package say_test

import (
	"context"
	"fmt"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"hark/web/shared/say"
)

func ExampleIt() {
	_ = message.SetString(language.German, "%d tickets wait", "%d Anfragen warten")
	fmt.Println(say.It(context.Background(), "%d tickets wait", 1204))
	fmt.Println(say.It(say.In(context.Background(), language.German), "%d tickets wait", 1204))
	fmt.Println(say.It(context.Background(), "Ticket #%s", "1204"))
	// Output:
	// 1,204 tickets wait
	// 1.204 Anfragen warten
	// Ticket #1204
}
