//! Three nodes on PostgreSQL and NATS, of which each goes and comes back, in order or not.

use std::time::Duration;

use testkit::{
    postgres::TestDatabase,
    server::{Cable, NatsServer, Servers},
};

use crate::{
    ground::{Ground, Load},
    kills::name,
    outages::ready,
    program::Serving,
    times,
};

const NODES: usize = 3;

/// The nodes of one installation.
struct Nodes<'ground> {
    ground: &'ground Ground,
    nats: String,
    nodes: Vec<Option<Serving>>,
    servers: Servers,
}

impl<'ground> Nodes<'ground> {
    async fn start(ground: &'ground Ground, nats: &str) -> Self {
        let mut nodes = Self {
            ground,
            nats: nats.to_owned(),
            nodes: (0..NODES).map(|_| None).collect(),
            servers: Servers::at(&[]),
        };
        for number in 0..NODES {
            nodes.comes(number).await;
        }
        nodes
    }

    /// A node starts, and is used as soon as it is ready.
    async fn comes(&mut self, number: usize) {
        let dir = format!("node-{number}");
        let arguments = ["--data-dir", &dir, "--secret-key-file", "data/secret.key", "--nats-url", &self.nats];
        let serving = self.ground.serve(&arguments, &[]).await;
        self.nodes[number] = Some(serving);
        assert_eq!(ready(self.nodes[number].as_ref().unwrap()).await, (200, "ready".to_owned()));
        self.tell();
    }

    /// A node is used no more.
    fn goes(&mut self, number: usize) -> Serving {
        let serving = self.nodes[number].take().unwrap();
        self.tell();
        serving
    }

    fn tell(&self) {
        let addresses: Vec<_> = self.nodes.iter().flatten().map(|node| node.address).collect();
        self.servers.are(&addresses);
    }

    fn any(&self) -> &Serving {
        self.nodes.iter().flatten().next().unwrap()
    }

    /// Else with what the nodes say about it.
    fn refused_nothing(&self, load: &Load<'_>) {
        let refused = load.refused();
        let said: Vec<String> = self.nodes.iter().flatten().map(Serving::err).collect();
        assert!(refused.is_empty(), "{refused:?}\n{}", said.join("\n"));
    }

    async fn stop(self) {
        for node in self.nodes.into_iter().flatten() {
            node.stop().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_fails_and_doubles_no_send() {
    let (database, nats) = (TestDatabase::create(name()).await, NatsServer::start().await);
    let ground = Ground::new(Some(database.url())).await;
    let mut nodes = Nodes::start(&ground, nats.url()).await;
    let load = ground.load(&nodes.servers);
    load.goes_on().await;
    let rounds = times(1, "BATON_CHAOS_ROUNDS");
    for _ in 0..rounds {
        for number in 0..NODES {
            nodes.goes(number).stop().await;
            load.goes_on().await;
            nodes.comes(number).await;
            load.goes_on().await;
        }
    }
    // No send fails, not even for now.
    nodes.refused_nothing(&load);
    let acked = load.ends_well(&nodes.any().client()).await;
    println!("{rounds} rolling restarts of {NODES} nodes, {acked} texts acknowledged, stored and shown once, in order");
    nodes.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_node_may_be_lost() {
    let (database, nats) = (TestDatabase::create(name()).await, NatsServer::start().await);
    let ground = Ground::new(Some(database.url())).await;
    let mut nodes = Nodes::start(&ground, nats.url()).await;
    let load = ground.load(&nodes.servers);
    let rounds = times(1, "BATON_CHAOS_ROUNDS");
    for _ in 0..rounds {
        for number in 0..NODES {
            load.goes_on().await;
            nodes.goes(number).kill().await;
            load.goes_on().await;
            nodes.comes(number).await;
        }
    }
    let acked = load.ends_well(&nodes.any().client()).await;
    println!(
        "each of {NODES} nodes killed {rounds} times, {acked} texts acknowledged, stored and shown once, in order"
    );
    nodes.stop().await;
}

/// Without the bus everything comes, a little later; when it is back the nodes use it again by themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bus_is_cut_off_and_comes_back() {
    let (database, nats) = (TestDatabase::create(name()).await, NatsServer::start().await);
    let target = nats.url().trim_start_matches("nats://").parse().unwrap();
    let (cable, address) = Cable::to(target).await;
    let ground = Ground::new(Some(database.url())).await;
    let nodes = Nodes::start(&ground, &format!("nats://{address}")).await;
    let load = ground.load(&nodes.servers);
    load.goes_on().await;
    cable.pull();
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    for (up, said) in [(false, (503, "the bus is not reached")), (true, (200, "ready"))] {
        if up {
            cable.plug();
        }
        for node in nodes.nodes.iter().flatten() {
            let seen = async {
                while ready(node).await != (said.0, said.1.to_owned()) {
                    looks.tick().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(30), seen)
                .await
                .unwrap_or_else(|_| panic!("{said:?} is not said"));
        }
        // People write and read on different nodes all the time.
        for one in load.everybody() {
            one.shows(one.seen().shown.len() + 5).await;
        }
        load.goes_on().await;
    }
    // What needs the bus can wait, a send does not.
    nodes.refused_nothing(&load);
    load.ends_well(&nodes.any().client()).await;
    nodes.stop().await;
}
