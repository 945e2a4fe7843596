//! A mailbox on a real connection.

use domain::limits::MAIL_BYTES;
use mailbox::Imap;
use ports::{
    Fault,
    mail::{Fetched, Mailbox},
};
use testkit::fakes::{AUTHORITY, ImapServer};

#[tokio::test]
async fn mail_is_fetched_and_marked_as_seen() {
    let server = ImapServer::start().await;
    server.deliver("To: a@b\r\n\r\none");
    server.deliver_large(MAIL_BYTES + 1);
    server.deliver(b"To: a@b\r\n\r\nthree \xff\0".to_vec());
    let mut open = Imap::new(&server.url()).unwrap().open().await.unwrap();
    assert_eq!(open.unseen(2).await.unwrap(), [1, 2]);
    assert_eq!(open.unseen(50).await.unwrap(), [1, 2, 3]);
    assert_eq!(open.fetch(1).await.unwrap(), Fetched::Mail(b"To: a@b\r\n\r\none".to_vec()));
    assert_eq!(open.fetch(2).await.unwrap(), Fetched::TooLarge);
    assert_eq!(open.fetch(3).await.unwrap(), Fetched::Mail(b"To: a@b\r\n\r\nthree \xff\0".to_vec()));
    assert_eq!(open.fetch(9).await.unwrap(), Fetched::Gone);
    assert_eq!(open.unseen(50).await.unwrap(), [1, 2, 3], "fetching alone marks nothing");
    open.seen(1).await.unwrap();
    open.seen(2).await.unwrap();
    assert_eq!(open.unseen(50).await.unwrap(), [3]);
    server.deliver("To: a@b\r\n\r\nfour");
    assert_eq!(open.unseen(50).await.unwrap(), [3, 4], "what comes meanwhile is found");
    open.set_aside(3).await.unwrap();
    assert_eq!(open.unseen(50).await.unwrap(), [4], "what is set aside comes no more");
    assert_eq!(server.flagged(), [3]);
    server.deliver_refused();
    assert_eq!(open.fetch(5).await.unwrap(), Fetched::Gone, "the server does not give it");
    assert_eq!(open.fetch(4).await.unwrap(), Fetched::Mail(b"To: a@b\r\n\r\nfour".to_vec()));
    server.deliver_broken();
    assert!(matches!(open.fetch(6).await, Err(Fault::Unavailable { .. })), "the server hangs up");
}

#[tokio::test]
async fn an_encrypted_mailbox_is_fetched_from_where_its_certificate_is_right() {
    let server = ImapServer::start_encrypted().await;
    server.deliver("To: a@b\r\n\r\none");
    let mut open = Imap::trusting(&server.url(), AUTHORITY).unwrap().open().await.unwrap();
    assert_eq!(open.unseen(50).await.unwrap(), [1]);
    assert_eq!(open.fetch(1).await.unwrap(), Fetched::Mail(b"To: a@b\r\n\r\none".to_vec()));
    open.close().await;
    // A certificate of nobody that is trusted, and one for another name: no password is sent.
    let another = server.url().replace("localhost", "127.0.0.1");
    for imap in [Imap::new(&server.url()), Imap::trusting(&another, AUTHORITY)] {
        let imap = match imap {
            Ok(imap) => imap,
            // This machine has no certificates.
            Err(mailbox::Unusable::Certificates) => continue,
            Err(other) => panic!("{other}"),
        };
        assert!(matches!(imap.open().await.err(), Some(Fault::Unavailable { .. })));
    }
    assert_eq!(server.sign_ins(), 1);
    let nonsense = Imap::trusting(&server.url(), b"no certificate").err();
    assert!(matches!(nonsense, Some(mailbox::Unusable::Certificates)));
}

#[tokio::test]
async fn a_server_that_refuses_or_is_not_there_is_told_of() {
    let server = ImapServer::start().await;
    let addresses = [
        server.url().replace("s%20ecret", "wrong"),
        server.url().replace("/Replies", "/Nowhere"),
        // Nobody listens there.
        "imap://ada:secret@127.0.0.1:1".to_owned(),
        // It speaks no TLS.
        server.url().replace("imap://", "imaps://"),
    ];
    for address in addresses {
        let imap = match Imap::new(&address) {
            Ok(imap) => imap,
            // This machine has no certificates.
            Err(mailbox::Unusable::Certificates) => continue,
            Err(other) => panic!("{address}: {other}"),
        };
        let fault = imap.open().await.err().expect(&address);
        assert!(matches!(fault, Fault::Unavailable { .. }), "{address}: {fault:?}");
        assert!(!format!("{fault:?}").contains("wrong\""), "{fault:?}");
    }
}
