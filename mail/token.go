package mail

func isOurID(id string) bool { return false }
