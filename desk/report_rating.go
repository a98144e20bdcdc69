package desk

import (
	"hark/account"
	"hark/store"
)

// Rated is what customers said about the help, of those who were asked in a period.
type Rated struct {
	store.Rated
	Months []RatedMonth // the months of the report
	Agents []RatedAgent // everybody's for an administrator, else the reader's own
}

// RatedMonth is what came of the questions of a month.
type RatedMonth struct {
	Period Period
	store.Rated
}

// RatedAgent is what came of the questions about tickets that somebody had.
type RatedAgent struct {
	Person account.Person
	store.Rated
}

// rated counts them. A desk whose policy never asks has nothing to count.
func (c counting) rated() (err error) {
	if c.r.Rated.Rated, err = c.tx.Ratings(c.a, c.span()); err != nil {
		return err
	}
	periods, edges := c.r.Period.months(c.now, c.r.Policy.Zone)
	for i, p := range periods {
		counted, err := c.tx.Ratings(c.a, store.Span{Brand: c.r.Brand, From: edges[i], To: edges[i+1]})
		if err != nil {
			return err
		}
		c.r.Rated.Months = append(c.r.Rated.Months, RatedMonth{p, counted})
	}
	return c.ratedAgents()
}

func (c counting) ratedAgents() error {
	all, err := c.tx.RatingsByAgent(c.a, c.span())
	if err != nil {
		return err
	}
	for _, one := range all {
		person, err := c.tx.Person(one.Person)
		if err != nil {
			return err
		}
		c.r.Rated.Agents = append(c.r.Rated.Agents, RatedAgent{person, one.Rated})
	}
	return nil
}
