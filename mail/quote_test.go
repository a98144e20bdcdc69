package mail

import (
	"strings"
	"testing"
)

func TestTrimQuotedKeepsWhatTheSenderWrote(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"no quote at all", "Hello\n\nit works.", "Hello\n\nit works."},
		{"Gmail", "Yes.\n\nOn Mon, Nov 23, 2026 at 4:02 PM Ben <ben@desk.example> wrote:\n\n> ok?\n", "Yes."},
		{"Gmail, folded line", "Yes.\n\nOn Mon, Nov 23, 2026 at 4:02 PM Ben Example <\nben@desk.example> wrote:\n\n> ok?\n", "Yes."},
		{"Gmail without marks", "Yes.\n\nOn Mon, Nov 23, 2026 at 4:02 PM Ben <ben@desk.example> wrote:\nok?\n", "Yes."},
		{"Spanish", "Sí.\n\nEl lun, 23 nov 2026 a las 16:02, Ben (<ben@desk.example>) escribió:\n> ok?", "Sí."},
		{"Portuguese", "Sim.\n\nEm seg., 23 de nov. de 2026 às 16:02, Ben <ben@desk.example> escreveu:\n> ok?", "Sim."},
		{"Italian", "Sì.\n\nIl giorno lun 23 nov 2026 alle ore 16:02 Ben <ben@desk.example> ha scritto:\n> ok?", "Sì."},
		{"Dutch", "Ja.\n\nOp ma 23 nov 2026 om 16:02 schreef Ben <ben@desk.example>:\n> ok?", "Ja."},
		{"Polish", "Tak.\n\npon., 23 lis 2026 o 16:02 Ben <ben@desk.example> napisał(a):\n> ok?", "Tak."},
		{"Swedish", "Ja.\n\nDen mån 23 nov. 2026 kl 16:02 skrev Ben <ben@desk.example>:\n> ok?", "Ja."},
		{"Finnish", "Joo.\n\nma 23. marrask. 2026 klo 16.02 Ben (ben@desk.example) kirjoitti:\n> ok?", "Joo."},
		{"Czech", "Ano.\n\npo 23. 11. 2026 v 16:02 odesílatel Ben <ben@desk.example> napsal:\n> ok?", "Ano."},
		{"Hungarian", "Igen.\n\nBen <ben@desk.example> ezt írta (időpont: 2026. nov. 23., H, 16:02):\n> ok?", "Igen."},
		{"Turkish", "Evet.\n\nBen <ben@desk.example>, 23 Kas 2026 Pzt, 16:02 tarihinde şunu yazdı:\n> ok?", "Evet."},
		{"Russian", "Да.\n\nпн, 23 нояб. 2026 г. в 16:02, Ben <ben@desk.example>:\n> ok?\n", "Да."},
		{"Russian, Apple", "Да.\n\n23 нояб. 2026 г., в 16:02, Ben <ben@desk.example> написал(а):\n> ok?\n", "Да."},
		{"Japanese", "はい。\n\n2026年11月23日(月) 16:02 Ben <ben@desk.example>:\n> ok?", "はい。"},
		{"Chinese", "好的。\n\nBen <ben@desk.example> 于2026年11月23日周一 16:02写道：\n> ok?", "好的。"},
		{"Korean", "네.\n\n2026년 11월 23일 (월) 오후 4:02, Ben <ben@desk.example>님이 작성:\n> ok?", "네."},
		{"Hebrew", "כן.\n\nבתאריך יום ב׳, 23 בנוב׳ 2026 ב-16:02 מאת Ben <ben@desk.example>:\n> ok?", "כן."},
		{"Outlook, French", "Oui.\n\nDe : Support <support@desk.example>\nEnvoyé : lundi 23 novembre 2026 16:02\nÀ : Luc Moreau\nObjet : Devis\n\nok ?", "Oui."},
		{"Outlook, Spanish with a rule", "Sí.\n\n________________________________\nDe: Support <support@desk.example>\nEnviado: lunes, 23 de noviembre de 2026 16:02\nPara: Carmen Vega\nAsunto: Factura\n\nok?", "Sí."},
		{"Outlook, Chinese", "好的。\n\n发件人: Support <support@desk.example>\n发送时间: 2026年11月23日 16:02\n收件人: 王芳\n主题: 发票\n\nok?", "好的。"},
		{"Outlook, bold names", "Yes.\n\n*From:* Support <support@desk.example>\n*Sent:* Monday\n*To:* Ida\n*Subject:* Q\n\nok?", "Yes."},
		{"divider", "Ja.\n\n-----Ursprüngliche Nachricht-----\nVon: Support\n\nok?", "Ja."},
		{"answers between the lines stay with their questions", "> one?\n\nyes\n\n> two?\n\nno", "> one?\n\nyes\n\n> two?\n\nno"},
		{"answer below", "On Mon, 23 Nov 2026 at 16:02, Ben wrote:\n> ok?\n\nYes, it is.", "Yes, it is."},
		{"quote without a line above", "Yes.\n\n> ok?\n> really?", "Yes."},
		{"only a quote", "> ok?\n> really?", "> ok?\n> really?"},
		{"signature", "Yes.\n\n-- \nIda Holm\nInstitute of Physics\n+47 123", "Yes."},
		{"a rule of dashes in a text is not a signature", "Before\n---\nAfter", "Before\n---\nAfter"},
		{"telephone", "Yes.\n\nSent from my iPhone", "Yes."},
		{"telephone, Polish", "Tak.\n\nWysłano z mojego iPhone’a", "Tak."},
		{"telephone, Japanese", "はい。\n\niPhoneから送信", "はい。"},
		{"telephone, Turkish", "Evet.\n\niPhone'umdan gönderildi", "Evet."},
		{"telephone, Russian", "Да.\n\nОтправлено с iPhone", "Да."},
		{"a parcel that was sent is no telephone", "It is late.\n\nSent with DHL yesterday.", "It is late.\n\nSent with DHL yesterday."},
		{"forwarded mail is content", "See below.\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: Mon\nSubject: S\nTo: c\n\ntext", "See below.\n\n---------- Forwarded message ---------\nFrom: A <a@b.example>\nDate: Mon\nSubject: S\nTo: c\n\ntext"},
		{"own words that end in a colon", "In 2019 she wrote:\n\nplease call me.", "In 2019 she wrote:\n\nplease call me."},
		{"steps with numbers", "These steps fail:\n1. start\n2. stop at 10:00", "These steps fail:\n1. start\n2. stop at 10:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, quoted := TrimQuoted(c.text)
			if got != c.want {
				t.Errorf("trimmed: %q\nwant:    %q", got, c.want)
			}
			if squeeze(c.text) != "" && len(squeeze(got+quoted)) < len(squeeze(c.text))-2 {
				t.Errorf("words were lost: %q + %q", got, quoted)
			}
		})
	}
}

func TestFoldQuotedSplitsHTML(t *testing.T) {
	cases := []struct{ name, html, visible, quoted string }{
		{"Gmail", `<div>Yes</div><br><div class="gmail_quote"><div>On Mon wrote:</div><blockquote>ok?</blockquote></div>`, "Yes", "ok?"},
		{"Apple", `<div>Yes<div><br><blockquote type="cite"><div>On 24 Nov 2026, at 10:12, Ben wrote:</div>ok?</blockquote></div></div>`, "Yes", "ok?"},
		{"Thunderbird", `<p>Yes</p><div class="moz-cite-prefix">Am 24.11.2026 schrieb Ben:</div><blockquote type="cite">ok?</blockquote>`, "Yes", "schrieb"},
		{"Outlook on the web", `<div>Yes</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: Ben</div><div>ok?</div>`, "Yes", "ok?"},
		{"Outlook", `<div><p>Yes</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>From: Ben</p></div></div><p>ok?</p></div>`, "Yes", "ok?"},
		{"words above the quote", `<p>Yes</p><p>On 24 Nov 2026, at 10:12, Ben wrote:</p><blockquote>ok?</blockquote>`, "Yes", "wrote"},
		{"answer below", `<blockquote>ok?</blockquote><p>Yes</p>`, "Yes", ""},
		{"nothing but a quote", `<blockquote>ok?</blockquote>`, "ok?", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			visible, quoted := FoldQuoted(Sanitise(c.html))
			if !strings.Contains(visible, c.visible) || c.quoted != "" && strings.Contains(visible, c.quoted) {
				t.Errorf("shown: %s", visible)
			}
			if c.quoted == "" != (quoted == "") || !strings.Contains(quoted, c.quoted) {
				t.Errorf("folded: %s", quoted)
			}
		})
	}
}

// A reader must not take a quoted approval for one that an agent gave.
func TestC12_QuotedTextStaysPartOfTheSendersMessage(t *testing.T) {
	m := parsed(t, []byte("From: mallory@evil.example\nTo: support@desk.example\n\nAs agreed.\n\nOn 24 Nov 2026, at 10:12, Ana Berg <ana@desk.example> wrote:\n> I approve the refund of 900.\n"))
	if m.From.Email != "mallory@evil.example" || m.TextTrimmed != "As agreed." {
		t.Errorf("from %v: %q", m.From, m.TextTrimmed)
	}
	if !strings.Contains(m.Text, "> I approve the refund") {
		t.Errorf("the quoted approval left this message: %q", m.Text)
	}
	for _, a := range append(append(m.To, m.Cc...), m.ReplyTo...) {
		if a.Email == "ana@desk.example" {
			t.Errorf("the quoted agent became a party of the mail")
		}
	}
}
