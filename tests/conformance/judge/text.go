package judge

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

func quote(s string) string { return strconv.Quote(clip(s, 120)) }

func ms(d float64) string { return fmt.Sprintf("%.6f ms", d) }

// sameJSON says that both texts are JSON and mean the same.
func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && reflect.DeepEqual(x, y)
}

// sameText says that a reader gets want, or the same JSON.
func sameText(got, want string) bool { return got == want || sameJSON(got, want) }
