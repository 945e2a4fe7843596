//! What strangers send: nothing in it may stop the reader.
#![expect(clippy::unwrap_used, reason = "tests")]

use domain::mail::message;
use mailbox::Mime;
use ports::mail::MailReader;

/// A sequence of numbers that a seed gives (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }
}

/// What mails are made of, and what they should not be made of.
const PIECES: [&str; 44] = [
    "To: reply+0123456789abcdef0123456789abcdef@example.com\r\n",
    "To: ",
    "From: \"=?utf-8?b?8J+Yg?=\" <a@b>\r\n",
    "Subject: =?utf-8?q?=FF=FE?= =?x-nothing?b?!!!?=\r\n",
    "Message-ID: <",
    "Message-ID: <a@b>\r\n",
    "Content-Type: multipart/mixed; boundary=\"x\"\r\n",
    "Content-Type: multipart/alternative; boundary=\r\n",
    "Content-Type: multipart/report; boundary=x\r\n",
    "Content-Type: text/plain; charset=utf-7\r\n",
    "Content-Type: text/html; charset=\"gb18030\"\r\n",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: message/rfc822; charset*0*=utf-8''%FF; charset*1=\r\n",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "Content-Transfer-Encoding: x-uuencode\r\n",
    "Content-Disposition: attachment; filename*0=\"a\"; filename*9999999999=\"b\"\r\n",
    "Content-Disposition: inline; filename=\"../../etc/passwd\0\"\r\n",
    "Content-ID: <logo>\r\n",
    "Date: Tue, 99 Foo -1 99:99:99 +9999999\r\n",
    "Received: from a (b [c]) by d with e; f\r\n",
    "Auto-Submitted: \0\r\n",
    "Return-Path: <>\r\n",
    "List-Id: \r\n \r\n\t\r\n",
    "Precedence: bulk\r\n",
    "\r\n",
    "\r\n\r\n",
    "\n",
    "\r",
    "--x\r\n",
    "--x--\r\n",
    "--",
    "=\r\n",
    "=E4=F6",
    "AAAA////====",
    "begin 644 x\r\n",
    "<html><style>{</style><p>&#x110000;&nbsp;&amp;<!-- <td><tr>",
    "<blockquote><blockquote><blockquote>",
    "> ##- Please write your answer above this line -##\r\n",
    "On 1, x wrote:\r\n",
    "-- \r\n",
    "\u{202e}\u{feff}\u{0}",
    "((((((((((((((((((((",
    ",;:<>@\\\"'",
];

fn mail(numbers: &mut Numbers) -> Vec<u8> {
    let mut mail = Vec::new();
    for _ in 0..numbers.below(60) {
        let piece = PIECES[numbers.below(PIECES.len())].as_bytes();
        match numbers.below(12) {
            // Cut, doubled, turned round, or with a byte that is none of any text.
            0 => mail.extend_from_slice(&piece[..numbers.below(piece.len()) + 1]),
            1 => mail.extend(piece.iter().cycle().take(piece.len() * (numbers.below(40) + 1))),
            2 => mail.extend(piece.iter().rev()),
            3 => mail.push(u8::try_from(numbers.below(256)).unwrap()),
            _ => mail.extend_from_slice(piece),
        }
    }
    mail
}

#[tokio::test]
async fn a_thousand_hostile_mails_are_read_or_are_none() {
    let (mut read, mut said) = (0, 0);
    for seed in 0..1_000 {
        let raw = mail(&mut Numbers(seed));
        let length = raw.len();
        // A reader that panics is a fault here.
        let Some(incoming) = Mime.read(raw).await.unwrap() else { continue };
        read += 1;
        let message = message(&incoming);
        assert!(message.chars().count() <= domain::limits::MESSAGE_CHARS, "seed {seed}");
        let attached: usize = incoming.attachments.iter().map(|one| one.bytes.len()).sum();
        assert!(attached <= 30 * (length + 1), "seed {seed}: {attached} bytes of {length}");
        said += usize::from(!message.is_empty());
    }
    assert!(read > 500 && said > 50, "{read} were read, {said} said something");
}

/// Parts in parts in parts, and many of them: what is small stays small.
#[tokio::test]
async fn deep_and_wide_mails_end() {
    let mut deep = String::from("To: a@b\r\n");
    for depth in 0..2_000 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n"));
    }
    let mut rfc822 = String::from("To: a@b\r\n");
    for _ in 0..2_000 {
        rfc822.push_str("Content-Type: message/rfc822\r\n\r\n");
    }
    let wide = format!(
        "To: a@b\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n{}--x--",
        "--x\r\n\r\na\r\n".repeat(50_000)
    );
    let many = format!("{}\r\n\r\nHello", "To: a@b\r\n".repeat(50_000));
    let quoted = format!("To: a@b\r\n\r\nHello\r\n{}", ">".repeat(1_000_000));
    let lines = format!("To: a@b\r\n\r\n{}", "On 1 x\r\n".repeat(60_000));
    for mail in [deep, rfc822, wide, many, quoted, lines] {
        let incoming = Mime.read(mail.into_bytes()).await.unwrap().unwrap();
        assert!(incoming.recipients.len() <= 1_000 && incoming.attachments.len() <= 20);
        let _ = message(&incoming);
    }
}
