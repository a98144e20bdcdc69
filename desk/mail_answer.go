package desk

import (
	"context"
	"strings"
	"time"

	"hark/access"
	"hark/community"
	"hark/fault"
	"hark/store"
)

// answerTemplate is the template of the mail that says that somebody has answered.
const answerTemplate = "community-answer"

// answered tells the author of a thread that there is an answer everybody reads. The mail's key names the answer, so an answer that is
// taken off and shown again is told once. What others wrote is not in it: it can be taken off, and a mail cannot. While the desk has no
// mailbox to write from, nobody is told.
func (c together) answered(p community.Post) error {
	if p.First() || p.State != community.Shown {
		return nil
	}
	thread, err := c.tx.Post(access.Clock, c.brand.ID, p.Thread)
	if err != nil || !thread.Mails || thread.Author == p.Author {
		return err
	}
	to, err := c.tx.Person(thread.Author)
	if err != nil {
		return err
	}
	_, err = c.desk.mailToMany(c.tx, to, c.brand.ID, c.answerNotice(thread, p), c.now)
	if fault.Is(err, fault.Refused) {
		return nil
	}
	return err
}

func (c together) answerNotice(thread, p community.Post) notice {
	home := c.desk.BrandURL(c.brand)
	end := home + answersEndPath + c.desk.answersToken(c.brand.ID, thread.Author, c.now)
	who := p.Name
	if p.Staff {
		who += ", who works here,"
	}
	var b letterText
	b.line(who, " has answered what you wrote:\n\n", thread.Title)
	b.line("\n", home, PostPath(p))
	b.line("\n--")
	b.line("You get this because you wanted to hear of answers. This ends it for all that you have written:\n", end)
	n := notice{key: answerTemplate + "/" + itoa(p.ID), template: answerTemplate, subject: "An answer to “" + thread.Title + "”", text: b.String(), fleeting: true}
	if strings.HasPrefix(end, "https://") {
		n.end = end
	}
	return n
}

// answersEndPath is where the links begin that end this mail.
const answersEndPath = CommunityPath + "/end/"

// answersEndPurpose is what the links are signed for that end this mail.
const answersEndPurpose = "community-end"

// answersToken is the end of the link that ends the mail about answers in a brand's community for one person.
func (d *Desk) answersToken(brand, person int64, made time.Time) string {
	return d.signedNumbers(answersEndPurpose, made, brand, person)
}

// EndAnswersByLink ends the mail about answers to all that somebody has written so far, for whoever holds the link of one of them. A link
// that ends nothing any more, that was altered or that was never ours is [fault.NotFound], all alike.
func (d *Desk) EndAnswersByLink(ctx context.Context, token string) error {
	numbers, _, ok := d.readNumbers(answersEndPurpose, token, 2, d.now())
	if !ok {
		return endedNews()
	}
	return d.db.Write(ctx, func(tx *store.Tx) error {
		person, err := nowCalled(tx, numbers[1])
		if err != nil {
			return err
		}
		ended, err := tx.EndAnswers(numbers[0], person)
		if err == nil && !ended {
			err = endedNews()
		}
		return err
	})
}
