package receive

import (
	"context"
	"fmt"
)

// Try signs in and looks into the folder once. Nothing is read, marked or moved. It returns what the server said, or what is
// wrong with the server's own words and what mends it.
func (m *Mailbox) Try(ctx context.Context) (says string, ok bool) {
	m.defaults()
	if err := m.look(ctx, &says); err != nil {
		return m.words(err), false
	}
	return says, true
}

func (m *Mailbox) look(ctx context.Context, says *string) error {
	v, err := m.connect(ctx)
	if err != nil {
		return err
	}
	defer v.leave()
	m.Load = func(context.Context) (Position, error) { return Position{}, nil }
	if err := v.open(ctx); err != nil {
		return err
	}
	*says = fmt.Sprintf("%s let %s in and opened %s.", m.Server.Host, m.Server.Login.User, m.Server.Folder)
	return nil
}
