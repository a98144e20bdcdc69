package shared

// organization is the second line under the requester: where they belong, else where they write from.
func (r Row) organization() string {
	if r.Requester.Organization != "" {
		return r.Requester.Organization
	}
	return r.Requester.Email
}

func (r Row) kindAndNumber() string {
	if r.Kind == "" {
		return "#" + r.Number
	}
	return r.Kind + " #" + r.Number
}
