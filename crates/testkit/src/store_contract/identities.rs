//! Identified visitors, their tokens, sealed secrets.

use domain::Millis;
use ports::{
    Fault,
    conversations::VisitorFacts,
    identities::{KeyClaim, SealedSecret},
};

use super::world::{Engine, World, chatbot, scope, token};

/// A person of the website has one visitor, and a visitor is one person.
pub async fn a_person_has_one_visitor(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let (tea, milk) = (world.open("tea").await, world.open("milk").await);
    let (store, ours) = (&world.store, tea.scope);
    assert_eq!(store.identified(ours, chatbot("shop"), "ada").await.unwrap(), None);
    assert!(store.bind_identity(ours, tea.visitor, "ada", Millis(1)).await.unwrap());
    assert!(!store.bind_identity(ours, milk.visitor, "ada", Millis(2)).await.unwrap(), "taken");
    assert!(!store.bind_identity(ours, tea.visitor, "bob", Millis(2)).await.unwrap(), "one person");
    let found = store.identified(ours, chatbot("shop"), "ada").await.unwrap().unwrap();
    assert_eq!((found.visitor, found.conversation), (tea.visitor, tea.id));
    // Nothing of it for another workspace.
    assert!(!store.bind_identity(scope("others"), milk.visitor, "eve", Millis(3)).await.unwrap());
    assert_eq!(store.identified(scope("others"), chatbot("shop"), "ada").await.unwrap(), None);
}

/// Further tokens open the same visitor, until all are replaced.
pub async fn tokens_open_one_visitor(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let tea = world.open("tea").await;
    let (store, ours) = (&world.store, tea.scope);
    let opens = async |name: &str| store.visitor_by_token(token(name)).await.unwrap().map(|known| known.conversation);
    store.add_token(ours, tea.visitor, token("phone"), Millis(1)).await.unwrap();
    assert_eq!((opens("tea").await, opens("phone").await), (Some(tea.id), Some(tea.id)));
    let foreign = store.add_token(scope("others"), tea.visitor, token("eve"), Millis(1)).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
    // The oldest make room.
    for number in 0..60 {
        store.add_token(ours, tea.visitor, token(&format!("device {number}")), Millis(2 + number)).await.unwrap();
    }
    assert_eq!((opens("phone").await, opens("device 3").await), (None, None));
    assert_eq!((opens("tea").await, opens("device 59").await), (Some(tea.id), Some(tea.id)));
    let foreign = store.replace_tokens(scope("others"), tea.visitor, token("eve")).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
    store.replace_tokens(ours, tea.visitor, token("new")).await.unwrap();
    assert_eq!((opens("tea").await, opens("device 59").await), (None, None));
    assert_eq!(opens("new").await, Some(tea.id));
}

/// What is known of a visitor changes, and the inbox hears of it.
pub async fn facts_change_with_the_row(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let tea = world.open("tea").await;
    world.says("tea", "hello").await;
    let (store, ours) = (&world.store, tea.scope);
    let before = store.row(ours, tea.id).await.unwrap();
    let named = |facts| VisitorFacts { name: Some("Ada".into()), email: Some("ada@example.com".into()), ..facts };
    let row = store.change_facts(ours, tea.visitor, Box::new(named), Vec::new()).await.unwrap();
    assert_eq!(row.visitor_name.as_deref(), Some("Ada"));
    assert!(row.change > before.change && row.place == before.place && row.state == before.state);
    let known = store.visitor(ours, tea.visitor).await.unwrap();
    assert_eq!(known.facts.email.as_deref(), Some("ada@example.com"));
    assert_eq!(store.row(ours, tea.id).await.unwrap().visitor_name.as_deref(), Some("Ada"));
    // What changes nothing is no news.
    let same = store.change_facts(ours, tea.visitor, Box::new(|facts| facts), Vec::new()).await.unwrap();
    assert_eq!(same.change, row.change);
    let foreign = store.change_facts(scope("others"), tea.visitor, Box::new(|facts| facts), Vec::new()).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
    // The log goes on as if nothing had been.
    world.says("tea", "and now").await;
    assert_eq!(store.row(ours, tea.id).await.unwrap().state.seq, before.state.seq + 1);
}

/// A chatbot has one signing secret; the key of all secrets is named once there is one.
pub async fn secrets_belong_to_one_key(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let tea = world.open("tea").await;
    let (store, ours, shop) = (&world.store, tea.scope, chatbot("shop"));
    assert_eq!(store.claim_secret_key([1; 32]).await.unwrap(), KeyClaim::Ours);
    assert_eq!(store.claim_secret_key([2; 32]).await.unwrap(), KeyClaim::Ours, "nothing was sealed with the first");
    assert_eq!(store.signing_secret(ours, shop).await.unwrap(), None);
    assert_eq!(store.secret_key().await.unwrap(), None, "nothing needs it yet");
    store.set_signing_secret(ours, shop, vec![7], Millis(1)).await.unwrap();
    store.set_signing_secret(ours, shop, vec![8], Millis(2)).await.unwrap();
    let stored = SealedSecret { sealed: vec![8], made_at: Millis(2) };
    assert_eq!(store.signing_secret(ours, shop).await.unwrap(), Some(stored));
    assert_eq!(store.signing_secret(scope("others"), shop).await.unwrap(), None);
    let foreign = store.set_signing_secret(scope("others"), shop, vec![9], Millis(3)).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
    assert_eq!(store.claim_secret_key([1; 32]).await.unwrap(), KeyClaim::Another);
    assert_eq!(store.secret_key().await.unwrap(), Some([2; 32]));
    assert_eq!(store.claim_secret_key([2; 32]).await.unwrap(), KeyClaim::Ours);
    assert_eq!(store.forget_sealed().await.unwrap(), 1);
    assert_eq!(store.claim_secret_key([1; 32]).await.unwrap(), KeyClaim::Ours);
}
