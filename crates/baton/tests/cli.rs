//! The real binary, as operators and scripts use it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of a test fail like the test")]

mod documents;
mod program;

use api::{
    common::Page,
    events::{VisitorEvent, VisitorEventBody},
    frames::VisitorServerFrame,
};
use program::{Folder, Serving, code_in, run};
use serde_json::{Value, json};
use testkit::server::{As, DeskSocket, VisitorSocket};

/// Adds the owner.
fn add_olga(folder: &Folder) {
    let olga = ["user", "add", "--email", "olga@example.com", "--name", "Olga", "--role", "owner"];
    let added = run(folder, &olga, "a password of Olga\n");
    assert_eq!((added.code, added.out.as_str()), (0, "Made the workspace and its owner.\n"), "{}", added.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_and_keys_are_made_on_the_command_line() {
    let folder = Folder::new();
    add_olga(&folder);
    let sofia = ["user", "add", "--email", "Sofia@Example.com", "--name", "Sofia", "--role", "agent"];
    assert_eq!(run(&folder, &sofia, "a password of Sofia\n").out, "Added.\n");
    let again = run(&folder, &sofia, "another password\n");
    assert_eq!((again.code, again.err.lines().count()), (1, 1), "{}", again.err);
    let nobody = ["user", "add", "--email", "no address", "--name", "X", "--role", "agent"];
    assert_eq!(run(&folder, &nobody, "long enough it is\n").code, 1);
    assert_eq!(run(&folder, &["user", "password", "--email", "sofia@example.com"], "short\n").code, 1);
    assert_eq!(run(&folder, &["user", "password", "--email", "eve@example.com"], "long enough it is\n").code, 1);
    let king = ["user", "add", "--email", "k@example.com", "--name", "K", "--role", "king"];
    assert_eq!(run(&folder, &king, "long enough it is\n").code, 2);

    let key = run(&folder, &["key", "create", "--email", "sofia@example.com", "--name", "A script"], "");
    assert_eq!((key.code, key.out.lines().count()), (0, 1), "{}", key.err);
    assert!(key.out.starts_with("bk_"));
    let listed = || run(&folder, &["key", "list"], "").out;
    let id = listed().split('\t').next().unwrap().to_owned();
    assert!(listed().contains("sofia@example.com") && listed().contains("no end\tA script"), "{}", listed());
    let brief = ["key", "create", "--email", "sofia@example.com", "--name", "Brief", "--days", "30"];
    assert_eq!(run(&folder, &brief, "").code, 0);
    assert!(listed().lines().any(|line| line.contains("\tends 2") && line.ends_with("\tBrief")), "{}", listed());
    let never = ["key", "create", "--email", "sofia@example.com", "--name", "Never", "--days", "0"];
    assert_eq!(run(&folder, &never, "").code, 2);
    let above = ["key", "create", "--email", "sofia@example.com", "--name", "More", "--role", "owner"];
    assert_eq!(run(&folder, &above, "").code, 1, "no key may do more than its person");

    let serving = Serving::start(&folder).await;
    let by_key = serving.client().is(As::Bearer(key.out.trim().to_owned()));
    assert_eq!(by_key.get("/session").await.value()["me"]["display_name"], "Sofia");
    let sign_in = |password: &str| {
        let (client, body) = (serving.client(), json!({"email": "sofia@example.com", "password": password}));
        async move { client.post("/session", &body).await.status.as_u16() }
    };
    assert_eq!(sign_in("a password of Sofia").await, 200);
    let changed = run(&folder, &["user", "password", "--email", "sofia@example.com"], "a new password\n");
    assert_eq!(changed.code, 0, "{}", changed.err);
    assert_eq!(sign_in("a password of Sofia").await, 401);
    assert_eq!(sign_in("a new password").await, 200);
    let revoked = run(&folder, &["key", "revoke", &id], "");
    assert_eq!(revoked.code, 0, "{}", revoked.err);
    assert_eq!(by_key.get("/session").await.said(), (401, "unauthenticated".into()));
    assert_eq!(run(&folder, &["key", "revoke", &id], "").code, 1);
    assert!(!listed().contains(&id), "{}", listed());
    serving.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nobody_is_there_a_code_is_printed_and_opens_once() {
    let folder = Folder::new();
    let mut serving = Serving::start(&folder).await;
    let code = serving.has_said(code_in).await;
    assert!(serving.err().contains(&format!("http://{}/setup", serving.address)), "{}", serving.err());
    let set_up = json!({"code": code, "email": "olga@example.com", "name": "Olga", "password": "a password of Olga"});
    assert_eq!(serving.client().post("/setup", &set_up).await.status, 200);
    assert_eq!(serving.client().post("/setup", &set_up).await.said(), (409, "setup_done".into()));
    serving.stop().await;
    let said = Serving::start(&folder).await.stop().await;
    assert_eq!(code_in(&said), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_that_cannot_be_used_ends_with_2_and_one_line() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().map(|address| (address.to_string(), taken)).unwrap();
    std::fs::write(folder.path().join("no-model"), "").unwrap();
    let wrong: [&[&str]; 16] = [
        &["--secret-key-file", "/nowhere/at/all"],
        &["--llm", ","],
        &["--allow-private", "169.254.169.254"],
        &["--listen", "nonsense"],
        &["--lisen", "127.0.0.1:0"],
        &["--trusted-proxies", "proxy.example.com"],
        &["--log-format", "xml"],
        &["--jobs", "many"],
        &["--model-dir", "no-model"],
        &["--llm", "openai/gpt-x"],
        &["--public-url", "https://desk.example.com/path"],
        &["--public-url", "desk"],
        &["--listen", &taken.0],
        &["--database-url", "mysql://localhost/baton"],
        &["--database-url", "sqlite://not/absolute"],
        &["--database-url", "postgres://127.0.0.1:1/baton"],
    ];
    for setting in wrong {
        let mut arguments = vec!["serve"];
        if setting[0] != "--listen" && setting[0] != "--lisen" {
            arguments.extend(["--listen", "127.0.0.1:0"]);
        }
        arguments.extend(setting);
        let refused = run(&folder, &arguments, "");
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{setting:?}: {}", refused.err);
        let name = if setting[0] == "--database-url" { "database" } else { setting[0] };
        let named = refused.err.starts_with("baton: ") && refused.err.contains(name);
        assert!(named && refused.err.lines().count() == 1, "{setting:?}: {}", refused.err);
    }
    let help = run(&folder, &["serve", "--help"], "");
    assert!(help.code == 0 && help.out.contains("--listen"), "{}{}", help.out, help.err);
    std::fs::write(folder.path().join("file"), "").unwrap();
    let inside = folder.path().join("file/data");
    let refused = program::run_without_folder(&folder, &["serve", "--data-dir", inside.to_str().unwrap()], "");
    assert_eq!((refused.code, refused.err.lines().count()), (2, 1), "{}", refused.err);
    std::fs::write(folder.path().join("baton.toml"), "lisen = \"127.0.0.1:0\"\n").unwrap();
    let refused = run(&folder, &["serve"], "");
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("baton.toml") && refused.err.contains("lisen"), "{}", refused.err);
    std::fs::write(folder.path().join("baton.toml"), "# Ours\njobs = 8\nlisten = \"nonsense\"\n").unwrap();
    let refused = run(&folder, &["serve"], "");
    assert_eq!((refused.code, refused.err.lines().count()), (2, 1), "{}", refused.err);
    assert!(refused.err.contains("baton.toml line 3: "), "{}", refused.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_misspelt_variable_is_named_and_what_others_set_is_not() {
    let folder = Folder::new();
    let variables = [
        ("BATON_LISEN", "127.0.0.1:1"),
        ("BATON_LOG_FORMAT", "text"),
        ("BATON_SERVICE_HOST", "10.0.0.1"),
        ("BATON_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
    ];
    let said = Serving::start_with(&folder, &[], &variables).await.stop().await;
    let named: Vec<_> = said.lines().filter(|line| line.contains("is no setting")).collect();
    assert!(named.len() == 1 && named[0].contains("BATON_LISEN"), "{said}");
}

/// Whatever is made holds what visitors wrote: it is its owner's alone, also where nobody has set a mask.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_made_is_its_owners_alone() {
    fn look(folder: &std::path::Path, seen: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions());
            assert_eq!(mode & 0o077, 0, "{}", path.display());
            seen.push(path.file_name().unwrap().to_str().unwrap().to_owned());
            if path.is_dir() {
                look(&path, seen);
            }
        }
    }
    let folder = Folder::new();
    add_olga(&folder);
    let serving = Serving::start(&folder).await;
    let backup = run(&folder, &["backup", "data/copy.db"], "");
    assert_eq!(backup.code, 0, "{}", backup.err);
    serving.stop().await;
    let restored = run(&folder, &["restore", "data/copy.db"], "");
    assert_eq!(restored.code, 0, "{}", restored.err);
    let mut seen = Vec::new();
    look(folder.path(), &mut seen);
    for name in ["data", "baton.db", "copy.db", "secret.key"] {
        assert!(seen.iter().any(|one| one == name), "{name}: {seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_has_one_server_and_commands_beside_it() {
    let folder = Folder::new();
    add_olga(&folder);
    let serving = Serving::start(&folder).await;
    let second = run(&folder, &["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!((second.code, second.out.as_str(), second.err.lines().count()), (2, "", 1), "{}", second.err);
    assert!(second.err.contains("another Baton serves this database"), "{}", second.err);
    let key = run(&folder, &["key", "create", "--email", "olga@example.com", "--name", "test"], "");
    assert_eq!(key.code, 0, "{}", key.err);
    serving.kill().await;
    // The system has let go of what the first one held.
    Serving::start(&folder).await.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_need_the_key_that_sealed_them() {
    let folder = Folder::new();
    add_olga(&folder);
    let api_key = run(&folder, &["key", "create", "--email", "olga@example.com", "--name", "test"], "").out;
    let owner = As::Bearer(api_key.trim().to_owned());
    let file = folder.path().join("data/secret.key");
    let serving = Serving::start(&folder).await;
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let client = serving.client().is(owner.clone());
    let chatbot = client.get("/chatbots").await.value()["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(client.post_nothing(&format!("/chatbots/{chatbot}/signing-secret")).await.status, 201);
    serving.stop().await;

    // The key is elsewhere: then it must be named.
    let elsewhere = folder.path().join("moved.key");
    std::fs::rename(&file, &elsewhere).unwrap();
    let refused = run(&folder, &["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!((refused.code, refused.out.as_str(), refused.err.lines().count()), (2, "", 1), "{}", refused.err);
    assert!(refused.err.contains("--secret-key-file"), "{}", refused.err);
    assert!(!file.exists(), "a key that opens nothing is not left behind");
    let doctor = || run(&folder, &["doctor"], "").out;
    assert_eq!(run(&folder, &["doctor"], "").code, 1, "a script sees it, too");
    let (missing, named) = (doctor(), elsewhere.to_str().unwrap());
    assert!(missing.contains("! --secret-key-file") && !missing.contains("All is well"), "{missing}");
    assert!(!file.exists(), "who only looks makes nothing");
    assert!(run(&folder, &["doctor", "--secret-key-file", named], "").out.contains("All is well"));
    std::fs::write(&file, [7; 32]).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert!(doctor().contains("sealed with another key"), "{}", doctor());
    assert_eq!(run(&folder, &["serve", "--listen", "127.0.0.1:0"], "").code, 2);
    assert_eq!(std::fs::read(&file).unwrap(), [7; 32], "what somebody else has put there stays");
    std::fs::rename(&elsewhere, &file).unwrap();
    assert!(doctor().contains("All is well"), "{}", doctor());
    Serving::start(&folder).await.stop().await;

    // The key is lost: the secrets are, too.
    std::fs::remove_file(&file).unwrap();
    let forgot = run(&folder, &["doctor", "--forget-secrets"], "");
    assert!(forgot.code == 0 && forgot.out.contains("Forgot 2 sealed secrets"), "{} {}", forgot.out, forgot.err);
    let serving = Serving::start(&folder).await;
    let shown = serving.client().is(owner).get(&format!("/chatbots/{chatbot}")).await.value();
    assert!(shown["signing_secret_at"].is_null(), "{shown}");
    serving.stop().await;
}

#[test]
fn a_mistyped_folder_is_no_new_database() {
    let folder = Folder::new();
    for command in
        [&["doctor"][..], &["backup", "copy.db"], &["key", "create", "--email", "a@example.com", "--name", "x"]]
    {
        let refused = run(&folder, command, "");
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{command:?}: {}", refused.err);
        assert!(refused.err.contains("there is no database at"), "{command:?}: {}", refused.err);
    }
    assert!(!folder.path().join("data").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_to_stop_it_says_goodbye_to_open_sockets_and_ends_with_0() {
    let folder = Folder::new();
    add_olga(&folder);
    let key = run(&folder, &["key", "create", "--email", "olga@example.com", "--name", "test"], "").out;
    let serving = Serving::start(&folder).await;
    let owner = As::Bearer(key.trim().to_owned());
    let (token, conversation) = serving.visitor(&owner).await;
    let mut page = VisitorSocket::open(serving.address, &token).await;
    page.follow(&conversation, 0).await;
    let mut desk = DeskSocket::open(serving.address, &owner, None).await.unwrap();
    page.says(&conversation, "Hello").await.unwrap();
    serving.terminate();
    // 1012: come back, I am restarting.
    assert_eq!((page.closed().await, desk.closed().await), (Some(1012), Some(1012)));
    serving.ended_well().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_the_middle_of_an_answer_it_gives_it_once() {
    const KILLS: usize = 6;
    let folder = Folder::new();
    add_olga(&folder);
    let key = run(&folder, &["key", "create", "--email", "olga@example.com", "--name", "test"], "").out;
    let owner = As::Bearer(key.trim().to_owned());
    let mut serving = Serving::start(&folder).await;
    let client = serving.client().is(owner.clone());
    let chatbot = client.get("/chatbots").await.value()["items"][0]["id"].as_str().unwrap().to_owned();
    // They ask what nobody knows, again and again: nobody is to be called for that.
    let patience = serde_json::json!({"escalation": {"after_no_answers": 0}});
    assert_eq!(client.patch(&format!("/chatbots/{chatbot}"), &patience).await.status, 200);
    let (token, conversation) = serving.visitor(&owner).await;
    let mut last = 0;
    for kill in 0..KILLS {
        let mut page = VisitorSocket::open(serving.address, &token).await;
        page.follow(&conversation, last).await;
        let said = page.says(&conversation, &format!("Question {kill}: what is a lamp?")).await.unwrap().unwrap();
        // What was acknowledged is on disk, whatever comes now.
        serving.kill().await;
        serving = Serving::start(&folder).await;
        let mut page = VisitorSocket::open(serving.address, &token).await;
        page.follow(&conversation, said).await;
        last = page
            .until(|frame| match frame {
                VisitorServerFrame::Event { event, .. } => Some(event.visitor_seq),
                _ => None,
            })
            .await;
    }
    let client = serving.client().is(As::Bearer(token));
    let log: Page<VisitorEvent> = client.get(&format!("/conversations/{conversation}/events?limit=200")).await.ok();
    let kinds: String = log
        .items
        .iter()
        .map(|event| match event.body {
            VisitorEventBody::VisitorMessage { .. } => 'v',
            VisitorEventBody::AssistantMessage { .. } => 'a',
            _ => '?',
        })
        .collect();
    assert_eq!(kinds, "va".repeat(KILLS));
    serving.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_it_serves_can_be_put_back() {
    let folder = Folder::new();
    add_olga(&folder);
    let key = run(&folder, &["key", "create", "--email", "olga@example.com", "--name", "test"], "").out;
    let owner = As::Bearer(key.trim().to_owned());
    let serving = Serving::start(&folder).await;
    let (token, conversation) = serving.visitor(&owner).await;
    let mut page = VisitorSocket::open(serving.address, &token).await;
    page.follow(&conversation, 0).await;
    page.says(&conversation, "Before").await.unwrap();
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    let made = run(&folder, &["backup", copy], "");
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("secret.key"), "the key is not in it, and that is said: {}", made.out);
    assert_ne!(run(&folder, &["backup", copy], "").code, 0, "no copy is written over");
    page.says(&conversation, "After").await.unwrap();
    let refused = run(&folder, &["restore", copy], "");
    assert_ne!(refused.code, 0, "not under a server that runs: {}", refused.out);
    serving.stop().await;

    let put_back = run(&folder, &["restore", copy], "");
    assert_eq!((put_back.code, put_back.out.lines().count()), (0, 2), "{}", put_back.err);
    let doctor = run(&folder, &["doctor"], "");
    assert!(doctor.code == 0 && doctor.out.contains("SQLite") && !doctor.out.contains("damaged"), "{}", doctor.out);
    let serving = Serving::start(&folder).await;
    let client = serving.client().is(As::Bearer(token));
    let log: Page<VisitorEvent> = client.get(&format!("/conversations/{conversation}/events")).await.ok();
    let said: Vec<&str> = log
        .items
        .iter()
        .filter_map(|event| match &event.body {
            VisitorEventBody::VisitorMessage { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(said, ["Before"]);
    serving.stop().await;
}

#[test]
fn the_judgement_of_the_ai_is_one_json_object() {
    let folder = Folder::new();
    let input = folder.path().join("rows.jsonl");
    let rows = [
        json!({"id": "a", "text": "I want to talk to a human", "label": 1, "lang": "en", "category": "direct"}),
        json!({"text": "What are your opening hours?", "label": 0, "lang": "en", "category": "info-hours"}),
        json!({"text": "Ich möchte mit einem Menschen sprechen", "label": 1, "lang": "de"}),
    ];
    std::fs::write(&input, rows.map(|row| row.to_string()).join("\n")).unwrap();
    let input = input.to_str().unwrap();
    let judged = run(&folder, &["eval", "escalation", "--input", input, "--json"], "");
    let report: Value = serde_json::from_str(&judged.out).unwrap_or_else(|error| panic!("{error}: {}", judged.out));
    assert_eq!(report["n"], 3);
    for figure in ["precision", "recall", "f1", "false_alarm"] {
        assert!(report[figure].is_number(), "{figure}: {report}");
    }
    assert!(report["model"].is_string());
    assert_eq!(report["by_lang"]["en"]["n"], 2);
    assert!(report["by_lang"]["de"]["f1"].is_number() && report["by_category"]["info-hours"]["accuracy"].is_number());
    let predictions = report["predictions"].as_array().unwrap();
    let ids: Vec<&Value> = predictions.iter().map(|prediction| &prediction["id"]).collect();
    assert_eq!(ids, [&json!("a"), &json!("2"), &json!("3")], "an id is the line's own, or its number");
    for prediction in predictions {
        assert!(
            prediction["escalate"].is_boolean() && prediction["ask"].is_boolean() && prediction["score"].is_number()
        );
    }
    assert_eq!((&predictions[0]["escalate"], &predictions[1]["escalate"]), (&json!(true), &json!(false)));
    let missing = run(&folder, &["eval", "escalation", "--input", "nothing.jsonl", "--json"], "");
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
}

#[test]
fn questions_that_measure_nothing_are_refused() {
    let folder = Folder::new();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (corpus, questions) = (path("corpus.jsonl"), path("questions.jsonl"));
    let tea = r#"{"id": "tea", "title": "Tea", "text": "It is served at five."}"#;
    let asked = r#"{"query": "When is tea?", "relevant": ["tea"]}"#;
    let judged = |documents: &str, rows: &str| {
        std::fs::write(&corpus, documents).unwrap();
        std::fs::write(&questions, rows).unwrap();
        let judged = run(&folder, &["eval", "retrieval", "--corpus", &corpus, "--input", &questions, "--json"], "");
        (judged.code, judged.err)
    };
    assert_eq!(judged(tea, asked).0, 0);
    let nowhere = r#"{"query": "When is coffee?", "relevant": ["coffee"]}"#;
    let unanswered = r#"{"query": "When is coffee?", "relevant": []}"#;
    for (documents, rows, expected) in [
        (format!("{tea}\n{tea}"), asked, r#"corpus.jsonl: there are two documents with the id "tea""#),
        (tea.to_owned(), nowhere, r#"answered by "coffee", which is not in the corpus"#),
        (tea.to_owned(), unanswered, "no question has an answer"),
        (tea.to_owned(), "\n{", "line 2: EOF while parsing an object, at column 1"),
    ] {
        let (code, err) = judged(&documents, rows);
        assert!(code == 2 && err.contains(expected), "{code}: {err}");
    }
}

#[test]
fn a_model_that_cannot_be_used_is_named_with_what_mends_it() {
    let folder = Folder::new();
    add_olga(&folder);
    let models = folder.path().join("models");
    std::fs::create_dir_all(models.join("minilm")).unwrap();
    let doctor = || run(&folder, &["doctor", "--model-dir", models.to_str().unwrap()], "").out;
    assert!(doctor().contains("All is well") && doctor().contains("scripts/models"), "{}", doctor());
    for file in ["e5-small-q4.bin", "minilm/model.safetensors", "minilm/tokenizer.json"] {
        std::fs::write(models.join(file), "cut off").unwrap();
    }
    let said = doctor();
    assert!(!said.contains("All is well"), "{said}");
    for name in ["multilingual-e5-small", "all-MiniLM-L6-v2"] {
        let advice = said.lines().find(|line| line.starts_with('!') && line.contains(name));
        assert!(
            advice.is_some_and(|line| line.contains("cannot be used") && line.contains("scripts/models")),
            "{said}"
        );
    }
}

/// What the figures say of a chatbot is what the chatbot does: here, one that listens to no wishes and has an intent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chatbot_is_measured_by_its_own_settings() {
    let folder = Folder::new();
    add_olga(&folder);
    let api_key = run(&folder, &["key", "create", "--email", "olga@example.com", "--name", "test"], "").out;
    let serving = Serving::start(&folder).await;
    let client = serving.client().is(As::Bearer(api_key.trim().to_owned()));
    let chatbot = client.get("/chatbots").await.value()["items"][0]["id"].as_str().unwrap().to_owned();
    let intents = json!([{"name": "Cancel", "examples": ["cancel my subscription", "end my subscription"]}]);
    let deaf = json!({"escalation": {"when_asked": false, "intents": intents}});
    assert_eq!(client.patch(&format!("/chatbots/{chatbot}"), &deaf).await.status, 200);
    serving.stop().await;

    let input = folder.path().join("rows.jsonl");
    let rows = [
        json!({"text": "I want to talk to a human", "label": 1}),
        json!({"text": "please cancel my subscription", "label": 1}),
        json!({"text": "What are your opening hours?", "label": 0}),
    ];
    std::fs::write(&input, rows.map(|row| row.to_string()).join("\n")).unwrap();
    let judged = |more: &[&str]| {
        let arguments = [&["eval", "escalation", "--json", "--input", input.to_str().unwrap()], more].concat();
        let judged = run(&folder, &arguments, "");
        let report: Value = serde_json::from_str(&judged.out).unwrap_or_else(|error| panic!("{error}: {}", judged.err));
        let of = |prediction: &Value| prediction["escalate"].as_bool().unwrap();
        report["predictions"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(judged(&[]), [true, false, false]);
    assert_eq!(judged(&["--chatbot", &chatbot]), [false, true, false]);
    let nobody = "00000000-0000-7000-8000-000000000001";
    let missing = run(&folder, &["eval", "escalation", "--input", input.to_str().unwrap(), "--chatbot", nobody], "");
    assert_eq!((missing.code, missing.out.as_str()), (2, ""), "{}", missing.err);
}
