//! Three nodes on PostgreSQL and NATS, of which each goes and comes back, in order or not.

use testkit::{
    postgres::TestDatabase,
    server::{Cable, NatsServer, Servers},
};

use crate::{
    ground::{Ground, Load},
    kills::name,
    outages::{cable, ready, says},
    program::Serving,
    times,
};

const NODES: usize = 3;

fn arguments<'a>(dir: &'a str, nats: &'a str) -> [&'a str; 6] {
    ["--data-dir", dir, "--secret-key-file", "data/secret.key", "--nats-url", nats]
}

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
        let serving = self.ground.serve(&arguments(&dir, &self.nats), &[]).await;
        self.is(number, serving).await;
    }

    async fn is(&mut self, number: usize, serving: Serving) {
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
    for (up, said) in [(false, (503, "the bus is not reached")), (true, (200, "ready"))] {
        if up {
            cable.plug();
        }
        for node in nodes.nodes.iter().flatten() {
            says(node, said).await;
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

/// A node hears nothing any more and is told of nothing, in the middle of its work: neither from the bus nor from the
/// database. The others go on. When it is found again, what it had sent off long ago arrives late, and does no harm.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_cut_off_in_silence_does_no_harm_when_it_is_found_again() {
    let (database, nats) = (TestDatabase::create(name()).await, NatsServer::start().await);
    let ground = Ground::new(Some(database.url())).await;
    let mut nodes = Nodes::start(&ground, nats.url()).await;
    nodes.goes(0).stop().await;
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let (to_database, url) = cable(database.url(), folder.path());
    let (to_bus, bus) = Cable::to(nats.url().trim_start_matches("nats://").parse().unwrap()).await;
    let found = ground.serve_over(&url, &arguments("node-0", &format!("nats://{bus}"))).await;
    nodes.is(0, found).await;
    let (to_clients, address) = Cable::to(nodes.any().address).await;
    let others: Vec<_> = nodes.nodes[1..].iter().flatten().map(|node| node.address).collect();
    let everywhere = [&[address], others.as_slice()].concat();
    nodes.servers.are(&everywhere);

    let load = ground.load(&nodes.servers);
    for _ in 0..times(2, "BATON_CHAOS_ROUNDS") {
        load.goes_on().await;
        to_database.falls_silent();
        to_bus.falls_silent();
        // Who asks whether it is ready hears that it is not, and uses it no more.
        says(nodes.any(), (503, "the database does not answer")).await;
        nodes.servers.are(&others);
        to_clients.pull();
        load.goes_on().await;
        load.goes_on().await;
        to_database.plug();
        to_bus.plug();
        says(nodes.any(), (200, "ready")).await;
        to_clients.plug();
        nodes.servers.are(&everywhere);
        load.goes_on().await;
    }
    load.ends_well(&nodes.any().client()).await;
    nodes.stop().await;
}
