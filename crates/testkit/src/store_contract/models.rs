//! Which models answer, what they may call, and what went wrong with them.

use domain::{
    Millis,
    answering::Trouble,
    models::{Choice, ModelChoice, ModelSettings, Provider},
    tools::{HttpTool, Method},
};
use ports::{
    Fault,
    ai_models::{ModelTrouble, ModelsOf, StoredModels, StoredTool},
    identities::KeyClaim,
};

use super::world::{Engine, World, chatbot, id, scope};

fn models(model: &str, version: i64) -> StoredModels {
    let settings = ModelSettings {
        provider: Provider::Compatible,
        address: Some("https://llm.example/v1/".into()),
        model: model.into(),
        temperature: Some(40),
        input_price: 250,
        output_price: 0,
    };
    StoredModels {
        choice: ModelChoice { choice: Choice::Own, models: vec![settings] },
        keys: Some(vec![7, 0, 9]),
        version,
    }
}

/// What is saved comes back, for its place alone; who saves from an old version is told.
pub async fn models_are_kept_for_their_place(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let ours = world.open("tea").await.scope;
    let (store, shop) = (&world.store, ModelsOf::Chatbot(chatbot("shop")));
    assert_eq!(store.models(ours, shop).await.unwrap(), StoredModels::default());
    store.save_models(ours, shop, models("one", 0), Millis(1)).await.unwrap();
    assert_eq!(store.models(ours, shop).await.unwrap(), models("one", 1));
    let nothing = [(ours, ModelsOf::Workspace), (scope("others"), shop), (scope("others"), ModelsOf::Workspace)];
    for (scope, of) in nothing {
        assert_eq!(store.models(scope, of).await.unwrap(), StoredModels::default());
    }
    for version in [0, 7] {
        let late = store.save_models(ours, shop, models("late", version), Millis(2)).await;
        assert!(matches!(late, Err(Fault::Conflict(_))), "{late:?}");
    }
    store.save_models(ours, shop, StoredModels { keys: None, ..models("two", 1) }, Millis(2)).await.unwrap();
    assert_eq!(store.models(ours, shop).await.unwrap(), StoredModels { keys: None, ..models("two", 2) });
    store.save_models(ours, ModelsOf::Workspace, models("all", 0), Millis(3)).await.unwrap();
    assert_eq!(store.models(ours, shop).await.unwrap().choice, models("two", 2).choice);
}

/// Troubles are counted until they are over, and then anew.
pub async fn troubles_are_counted_until_they_are_over(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let ours = world.open("tea").await.scope;
    let (store, shop) = (&world.store, chatbot("shop"));
    let trouble = |model: &str, trouble, at| ModelTrouble {
        model: model.into(),
        trouble,
        detail: format!("at {at}"),
        times: 1,
        at: Millis(at),
        over: None,
    };
    let now = 40 * 24 * 3_600 * 1_000;
    store.note_trouble(ours, shop, trouble("a/old", Trouble::Empty, 5)).await.unwrap();
    store.note_trouble(ours, shop, trouble("a/one", Trouble::Busy, now)).await.unwrap();
    store.note_trouble(ours, shop, trouble("a/one", Trouble::Busy, now + 1)).await.unwrap();
    store.note_trouble(ours, shop, trouble("a/one", Trouble::WrongKey, now + 2)).await.unwrap();
    store.note_trouble(ours, shop, trouble("a/two", Trouble::Busy, now + 3)).await.unwrap();
    let told = async || {
        let found = store.troubles(ours, shop, 10).await.unwrap();
        found.into_iter().map(|one| (one.model, one.trouble, one.times, one.over.is_some())).collect::<Vec<_>>()
    };
    let row = |model: &str, trouble, times, over| (model.to_owned(), trouble, times, over);
    let expected = [
        row("a/two", Trouble::Busy, 1, false),
        row("a/one", Trouble::WrongKey, 1, false),
        row("a/one", Trouble::Busy, 2, false),
    ];
    assert_eq!(told().await, expected, "what is long over is gone");
    assert_eq!(store.troubles(ours, shop, 1).await.unwrap()[0].detail, format!("at {}", now + 3));
    store.end_troubles(ours, shop, "a/one", Millis(now + 4)).await.unwrap();
    store.note_trouble(ours, shop, trouble("a/one", Trouble::Busy, now + 5)).await.unwrap();
    let expected = [
        row("a/one", Trouble::Busy, 1, false),
        row("a/two", Trouble::Busy, 1, false),
        row("a/one", Trouble::WrongKey, 1, true),
    ];
    assert_eq!(told().await, expected);
    let foreign = store.note_trouble(scope("others"), shop, trouble("a/one", Trouble::Busy, now)).await;
    assert!(matches!(foreign, Err(Fault::NotFound)), "{foreign:?}");
    assert_eq!(store.troubles(scope("others"), shop, 10).await.unwrap(), []);
    store.end_troubles(scope("others"), shop, "a/two", Millis(now + 6)).await.unwrap();
    assert_eq!(told().await[1], row("a/two", Trouble::Busy, 1, false));
}

/// A chatbot's functions, each name once; with the sealed values of their headers.
pub async fn functions_belong_to_a_chatbot(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let ours = world.open("tea").await.scope;
    let (store, shop) = (&world.store, chatbot("shop"));
    let tool = |key: &str, name: &str| StoredTool {
        id: id(key),
        tool: HttpTool {
            name: name.into(),
            description: "Something.".into(),
            method: Method::Get,
            url: "https://shop.example/".into(),
            parameters: vec![],
            headers: vec!["x-key".into()],
            enabled: true,
        },
        headers: Some(vec![1, 2]),
    };
    store.save_tool(ours, shop, tool("one", "order")).await.unwrap();
    store.save_tool(ours, shop, tool("two", "basket")).await.unwrap();
    assert_eq!(store.tools(ours, shop).await.unwrap(), [tool("two", "basket"), tool("one", "order")]);
    let taken = store.save_tool(ours, shop, tool("two", "order")).await;
    assert!(matches!(taken, Err(Fault::Conflict(_))), "{taken:?}");
    store.save_tool(ours, shop, tool("two", "parcel")).await.unwrap();
    assert_eq!(store.tools(ours, shop).await.unwrap()[1].tool.name, "parcel");
    for number in 2..domain::tools::TOOLS {
        store.save_tool(ours, shop, tool(&format!("more {number}"), &format!("more_{number}"))).await.unwrap();
    }
    let full = store.save_tool(ours, shop, tool("full", "full")).await;
    assert!(matches!(full, Err(Fault::Conflict(_))), "{full:?}");
    // Nothing of it for another workspace.
    let foreign = scope("others");
    assert_eq!(store.tools(foreign, shop).await.unwrap(), []);
    assert!(matches!(store.save_tool(foreign, shop, tool("one", "order")).await, Err(Fault::NotFound)));
    assert!(matches!(store.delete_tool(foreign, shop, id("one")).await, Err(Fault::NotFound)));
    store.delete_tool(ours, shop, id("one")).await.unwrap();
    assert!(matches!(store.delete_tool(ours, shop, id("one")).await, Err(Fault::NotFound)));
}

/// Keys and headers are sealed with the key that all secrets are sealed with, and go with it.
pub async fn keys_of_models_are_sealed_too(engine: &dyn Engine) {
    let world = World::new(engine).await;
    let ours = world.open("tea").await.scope;
    let store = &world.store;
    assert_eq!(store.claim_secret_key([1; 32]).await.unwrap(), KeyClaim::Ours);
    store.save_models(ours, ModelsOf::Workspace, models("one", 0), Millis(1)).await.unwrap();
    assert_eq!(store.claim_secret_key([2; 32]).await.unwrap(), KeyClaim::Another);
    assert_eq!(store.forget_sealed().await.unwrap(), 1);
    let left = store.models(ours, ModelsOf::Workspace).await.unwrap();
    assert_eq!((left.keys, left.choice), (None, models("one", 1).choice));
    assert_eq!(store.claim_secret_key([2; 32]).await.unwrap(), KeyClaim::Ours);
}
