// The desk's script: Turbo keeps pages fresh, Stimulus ties behaviour to the markup. Every page works without it.
import "@hotwired/turbo"
import { Application } from "@hotwired/stimulus"
import "./shared/nonce"
import Keys from "./shared/keys"
import Palette from "./shared/palette"
import Toasts from "./shared/toasts"
import Live from "./shared/live"
import Composer from "./shared/composer"
import List from "./inbox/list"
import Undo from "./ticket/undo"
import Editor from "./editor/editor"
import Phone from "./phone/phone"
import Zone from "./begin/zone"
import Find from "./customers/find"
import Article from "./articles/article"
import Cite from "./articles/cite"
import { tellUnsent } from "./shared/unsent"
import { fadeQuietly } from "./shared/fade"

tellUnsent()
fadeQuietly()

const desk = Application.start()
desk.register("keys", Keys)
desk.register("palette", Palette)
desk.register("toasts", Toasts)
desk.register("live", Live)
desk.register("composer", Composer)
desk.register("list", List)
desk.register("undo", Undo)
desk.register("editor", Editor)
desk.register("phone", Phone)
desk.register("zone", Zone)
desk.register("find", Find)
desk.register("article", Article)
desk.register("cite", Cite)
