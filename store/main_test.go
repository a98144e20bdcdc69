package store_test

import (
	"log/slog"
	"os"
	"testing"

	"hark/store/storetest"
)

func TestMain(m *testing.M) {
	if os.Getenv(writerEnv) != "" {
		writeUntilKilled()
	}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the tests provoke what is logged, and look at what is returned
	storetest.Main(m)
}
