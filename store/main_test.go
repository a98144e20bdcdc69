package store_test

import (
	"testing"

	"hark/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
