/**
 * The wire shapes under short names. The shapes themselves are generated from the server's document; nothing here
 * says anything about them a second time.
 */
import type { components } from "./generated/schema.d.ts";

type Schemas = components["schemas"];

export type Actor = Schemas["Actor"];
export type AddressChange = Schemas["AddressChange"];
export type AgentIntent = Schemas["AgentIntent"];
export type AgentKind = Schemas["AgentKind"];
export type AgentVariable = Schemas["AgentVariable"];
export type AiAgent = Schemas["AiAgent"];
export type AiAgentPatch = Schemas["AiAgentPatch"];
export type AiStatus = Schemas["AiStatus"];
export type Alert = Schemas["Alert"];
export type AlertKind = Schemas["AlertKind"];
export type AnnouncementKind = Schemas["AnnouncementKind"];
export type Assign = Schemas["Assign"];
export type AssistantText = Schemas["AssistantText"];
export type Author = Schemas["Author"];
export type CannedReplyView = Schemas["CannedReplyView"];
export type Chatbot = Schemas["Chatbot"];
export type ChatbotPatch = Schemas["ChatbotPatch"];
export type Citation = Schemas["Citation"];
export type CollaboratorView = Schemas["CollaboratorView"];
export type CommandResult = Schemas["CommandResult"];
export type Control = Schemas["Control"];
export type ConversationDetail = Schemas["ConversationDetail"];
export type ConversationRow = Schemas["ConversationRow"];
export type CopilotWish = Schemas["CopilotWish"];
export type DeskAction = Schemas["DeskAction"];
export type DeskClientFrame = Schemas["DeskClientFrame"];
export type DeskServerFrame = Schemas["DeskServerFrame"];
export type Done = Schemas["Done"];
export type DraftTone = Schemas["DraftTone"];
export type DraftView = Schemas["DraftView"];
export type EscalationIntent = Schemas["EscalationIntent"];
export type EscalationPatch = Schemas["EscalationPatch"];
export type EscalationSettings = Schemas["EscalationSettings"];
export type FileView = Schemas["FileView"];
export type GuideState = Schemas["GuideState"];
export type GuideStep = Schemas["GuideStep"];
export type HandoverCard = Schemas["HandoverCard"];
export type HandoverTranslation = Schemas["HandoverTranslation"];
export type Identified = Schemas["Identified"];
export type Identity = Partial<Schemas["Identity"]>;
export type InboxCounts = Schemas["InboxCounts"];
export type Invitation = Schemas["Invitation"];
export type InvitationMade = Schemas["InvitationMade"];
export type InvitationOffer = Schemas["InvitationOffer"];
export type Label = Schemas["Label"];
export type LabelColor = Schemas["LabelColor"];
export type LastText = Schemas["LastText"];
export type LiveChat = Schemas["LiveChat"];
export type Made = Schemas["Made"];
export type Me = Schemas["Me"];
export type MePatch = Schemas["MePatch"];
export type MessageLimit = Schemas["MessageLimit"];
export type MentionView = Schemas["MentionView"];
export type ModelProvider = Schemas["ModelProvider"];
export type ModelTested = Schemas["ModelTested"];
export type ModelTroubleView = Schemas["ModelTroubleView"];
export type ModelView = Schemas["ModelView"];
export type ModelWanted = Schemas["ModelWanted"];
export type ModelsChoice = Schemas["ModelsChoice"];
export type ModelsLevel = Schemas["ModelsLevel"];
export type ModelsView = Schemas["ModelsView"];
export type ModelsWanted = Schemas["ModelsWanted"];
export type NewMessage = Schemas["NewMessage"];
export type NewSource = Schemas["NewSource"];
export type NewVisitor = Omit<Schemas["NewVisitor"], "identity"> & { identity?: Identity };
export type NewSigningSecret = Schemas["NewSigningSecret"];
export type OfficeHours = Schemas["OfficeHours"];
export type OpenRequest = Schemas["OpenRequest"];
export type OutputTrigger = Schemas["OutputTrigger"];
export type ParameterKind = Schemas["ParameterKind"];
export type PasswordChange = Schemas["PasswordChange"];
export type PastChat = Schemas["PastChat"];
export type PersonView = Schemas["PersonView"];
export type Problem = Schemas["Problem"];
export type PublicChatbot = Schemas["PublicChatbot"];
export type Reason = Schemas["Reason"];
export type Role = Schemas["Role"];
export type Rule = Schemas["Rule"];
export type RuleAction = Schemas["RuleAction"];
export type RuleCondition = Schemas["RuleCondition"];
export type RuleGroup = Schemas["RuleGroup"];
export type SearchHit = Schemas["SearchHit"];
export type Session = Schemas["Session"];
export type SessionView = Schemas["SessionView"];
export type SetupRequest = Schemas["SetupRequest"];
export type SetupState = Schemas["SetupState"];
export type SignInRequest = Schemas["SignInRequest"];
export type SiteCheck = Schemas["SiteCheck"];
export type Source = Schemas["Source"];
export type SourceDetail = Schemas["SourceDetail"];
export type SourceKind = Schemas["SourceKind"];
export type SourcePatch = Schemas["SourcePatch"];
export type SourceStatus = Schemas["SourceStatus"];
export type StaffEvent = Schemas["StaffEvent"];
export type Suggestion = Schemas["Suggestion"];
export type TakeOver = Schemas["TakeOver"];
export type TextVersion = Schemas["TextVersion"];
export type Tokens = Schemas["Tokens"];
export type ToolMethod = Schemas["ToolMethod"];
export type ToolParameter = Schemas["ToolParameter"];
export type ToolView = Schemas["ToolView"];
export type ToolWanted = Schemas["ToolWanted"];
export type Transfer = Schemas["Transfer"];
export type Tried = Schemas["Tried"];
export type TriedAnswer = Schemas["TriedAnswer"];
export type UnansweredQuestion = Schemas["UnansweredQuestion"];
export type VariableKind = Schemas["VariableKind"];
export type Visibility = Schemas["Visibility"];
export type VisitorAction = Schemas["VisitorAction"];
export type VisitorClientFrame = Schemas["VisitorClientFrame"];
export type VisitorCommandResult = Schemas["VisitorCommandResult"];
export type VisitorConversation = Schemas["VisitorConversation"];
export type VisitorDetail = Schemas["VisitorDetail"];
export type VisitorEvent = Schemas["VisitorEvent"];
export type VisitorGrant = Schemas["VisitorGrant"];
export type VisitorPerson = Schemas["VisitorPerson"];
export type VisitorServerFrame = Schemas["VisitorServerFrame"];

/** One page of a list: pass `next` as `after` to get the following one. */
export interface Page<T> {
  items: T[];
  next?: string;
}

/** An event as either side sees it. */
export type AnyEvent = StaffEvent | VisitorEvent;

export type WhyView = Schemas["WhyView"];
