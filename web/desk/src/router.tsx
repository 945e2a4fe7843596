import type { SetupState } from "@baton/client/types";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { readRange } from "./analytics/address";
import { ConversationPage } from "./inbox/Conversation";
import { Inbox, NothingChosen } from "./inbox/Inbox";
import { readSearch } from "./inbox/search/address";
import { codeOf, http, loadSession } from "./lib/api";
import { SignIn } from "./session/SignIn";
import { PageMissing, PageProblem } from "./shell/PageProblem";
import { Shell } from "./shell/Shell";
import { ShellGhost } from "./shell/ShellGhost";

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: PageMissing,
  errorComponent: PageProblem,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { next?: string } =>
    typeof search.next === "string" ? { next: search.next } : {},
  component: SignIn,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./session/Setup"), "Setup"),
});

const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(() => import("./session/Join"), "Join"),
});
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("./session/ForgotPassword"), "ForgotPassword"),
});
const newPassword = createRoute({
  getParentRoute: () => root,
  path: "/new-password",
  component: lazyRouteComponent(() => import("./session/NewPassword"), "NewPassword"),
});
const newAddress = createRoute({
  getParentRoute: () => root,
  path: "/new-address",
  component: lazyRouteComponent(() => import("./session/NewAddress"), "NewAddress"),
});

/** Everything that needs a sign-in. */
const desk = createRoute({
  getParentRoute: () => root,
  id: "desk",
  beforeLoad: async ({ location }) => {
    try {
      await loadSession();
    } catch (error) {
      if (codeOf(error) !== "unauthenticated") throw error;
      const { needed } = await http.get<SetupState>("/setup");
      if (needed) throw redirect({ to: "/setup", replace: true });
      const next = location.href === "/" ? undefined : location.href;
      throw redirect({ to: "/sign-in", search: next ? { next } : {}, replace: true });
    }
  },
  component: Shell,
  pendingComponent: ShellGhost,
});

const home = createRoute({
  getParentRoute: () => desk,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox", replace: true });
  },
});

const inbox = createRoute({
  getParentRoute: () => desk,
  path: "/inbox",
  validateSearch: readSearch,
  component: Inbox,
});
const nothing = createRoute({ getParentRoute: () => inbox, path: "/", component: NothingChosen });
const conversation = createRoute({
  getParentRoute: () => inbox,
  path: "$conversation",
  // The entry to show, by its number in the log.
  validateSearch: (search): { at?: number } =>
    Number.isSafeInteger(search.at) && Number(search.at) > 0 ? { at: Number(search.at) } : {},
  component: ConversationPage,
});

const chatbots = createRoute({
  getParentRoute: () => desk,
  path: "/chatbots",
  component: lazyRouteComponent(() => import("./chatbots/Chatbots"), "Chatbots"),
});
const chatbot = createRoute({ getParentRoute: () => desk, path: "/chatbots/$chatbot" });
const chatbotHome = createRoute({
  getParentRoute: () => chatbot,
  path: "/",
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/chatbots/$chatbot/customizations", params, replace: true });
  },
});
const agents = createRoute({
  getParentRoute: () => chatbot,
  path: "agents",
  component: lazyRouteComponent(() => import("./chatbots/agents/Agents"), "Agents"),
});
const aiModel = createRoute({
  getParentRoute: () => chatbot,
  path: "ai-model",
  component: lazyRouteComponent(() => import("./chatbots/models/ModelsPage"), "ModelsPage"),
});
const aiModelTools = createRoute({
  getParentRoute: () => chatbot,
  path: "ai-model/functions",
  component: lazyRouteComponent(() => import("./chatbots/models/ToolsPage"), "ToolsPage"),
});
const aiModelWorkspace = createRoute({
  getParentRoute: () => chatbot,
  path: "ai-model/workspace",
  component: lazyRouteComponent(() => import("./chatbots/models/ModelsPage"), "WorkspaceModelsPage"),
});
const agent = createRoute({
  getParentRoute: () => chatbot,
  path: "agents/$agent",
  component: lazyRouteComponent(() => import("./chatbots/agents/Agent"), "Agent"),
});
const rules = createRoute({
  getParentRoute: () => chatbot,
  path: "agents/supervisor",
  component: lazyRouteComponent(() => import("./chatbots/supervisor/Rules"), "Rules"),
});
const intents = createRoute({
  getParentRoute: () => chatbot,
  path: "agents/supervisor/intents",
  component: lazyRouteComponent(() => import("./chatbots/supervisor/Intents"), "Intents"),
});
const bias = createRoute({
  getParentRoute: () => chatbot,
  path: "agents/supervisor/bias",
  component: lazyRouteComponent(() => import("./chatbots/supervisor/Bias"), "Bias"),
});
const knowledge = createRoute({
  getParentRoute: () => chatbot,
  path: "knowledge",
  validateSearch: (search): { tag?: string } =>
    typeof search.tag === "string" && search.tag !== "" ? { tag: search.tag } : {},
  component: lazyRouteComponent(() => import("./chatbots/knowledge/Knowledge"), "Knowledge"),
});
const newSource = createRoute({
  getParentRoute: () => chatbot,
  path: "knowledge/new/$kind",
  validateSearch: (search): { question?: string; unanswered?: string } => ({
    ...(typeof search.question === "string" ? { question: search.question } : {}),
    ...(typeof search.unanswered === "string" ? { unanswered: search.unanswered } : {}),
  }),
  component: lazyRouteComponent(() => import("./chatbots/knowledge/NewSource"), "NewSource"),
});
const source = createRoute({
  getParentRoute: () => chatbot,
  path: "knowledge/$source",
  component: lazyRouteComponent(() => import("./chatbots/knowledge/EditSource"), "EditSource"),
});
const unanswered = createRoute({
  getParentRoute: () => chatbot,
  path: "unanswered",
  component: lazyRouteComponent(
    () => import("./chatbots/unanswered/UnansweredQuestions"),
    "UnansweredQuestions",
  ),
});
const customizations = createRoute({
  getParentRoute: () => chatbot,
  path: "customizations",
  component: lazyRouteComponent(() => import("./chatbots/customizations/Settings"), "Settings"),
});
const appearance = createRoute({
  getParentRoute: () => chatbot,
  path: "customizations/appearance",
  component: lazyRouteComponent(() => import("./chatbots/customizations/Appearance"), "Appearance"),
});
const channels = createRoute({
  getParentRoute: () => chatbot,
  path: "customizations/channels",
  component: lazyRouteComponent(() => import("./webhooks/Channels"), "Channels"),
});
const lab = createRoute({
  getParentRoute: () => chatbot,
  path: "lab",
  component: lazyRouteComponent(() => import("./chatbots/lab/Lab"), "Lab"),
});

const preview = createRoute({
  getParentRoute: () => chatbot,
  path: "preview",
  component: lazyRouteComponent(() => import("./chatbots/preview/Preview"), "Preview"),
});
const goLive = createRoute({
  getParentRoute: () => chatbot,
  path: "go-live",
  component: lazyRouteComponent(() => import("./chatbots/golive/GoLive"), "GoLive"),
});
const website = createRoute({
  getParentRoute: () => chatbot,
  path: "go-live/website",
  component: lazyRouteComponent(() => import("./chatbots/golive/Website"), "Website"),
});
const collaborators = createRoute({
  getParentRoute: () => chatbot,
  path: "collaborators",
  component: lazyRouteComponent(() => import("./chatbots/team/Collaborators"), "Collaborators"),
});

const analytics = createRoute({
  getParentRoute: () => chatbot,
  path: "analytics",
  validateSearch: readRange,
  component: lazyRouteComponent(() => import("./analytics/Analytics"), "Analytics"),
});
const missed = createRoute({
  getParentRoute: () => chatbot,
  path: "analytics/missed",
  validateSearch: readRange,
  component: lazyRouteComponent(() => import("./analytics/Missed"), "Missed"),
});

const canned = createRoute({
  getParentRoute: () => desk,
  path: "/canned-replies",
  component: lazyRouteComponent(() => import("./canned/CannedReplies"), "CannedReplies"),
});

const labels = createRoute({
  getParentRoute: () => desk,
  path: "/labels",
  component: lazyRouteComponent(() => import("./labels/LabelsPage"), "LabelsPage"),
});

const webhooks = createRoute({
  getParentRoute: () => desk,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./webhooks/Webhooks"), "Webhooks"),
});
const webhook = createRoute({
  getParentRoute: () => desk,
  path: "/webhooks/$webhook",
  component: lazyRouteComponent(() => import("./webhooks/Webhook"), "Webhook"),
});

const account = createRoute({
  getParentRoute: () => desk,
  path: "/account",
  component: lazyRouteComponent(() => import("./account/Account"), "Account"),
});

const notifications = createRoute({
  getParentRoute: () => desk,
  path: "/notifications",
  component: lazyRouteComponent(() => import("./notifications/Notifications"), "Notifications"),
});

/** Every address of the desk. */
export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    setup,
    join,
    forgotPassword,
    newPassword,
    newAddress,
    desk.addChildren([
      home,
      inbox.addChildren([nothing, conversation]),
      chatbots,
      chatbot.addChildren([
        chatbotHome,
        agents,
        agent,
        rules,
        intents,
        bias,
        aiModel,
        aiModelTools,
        aiModelWorkspace,
        knowledge,
        newSource,
        source,
        unanswered,
        customizations,
        appearance,
        channels,
        lab,
        preview,
        goLive,
        website,
        analytics,
        missed,
        collaborators,
      ]),
      canned,
      labels,
      webhooks,
      webhook,
      account,
      notifications,
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: PageProblem,
  defaultPendingMs: 200,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
