//! The Escalation lab, to the wire and from it.

use api::{chatbots::EscalationIntent, events, lab as wire};
use app::{
    Baton,
    lab::{Came, Figures, Judged, Judging, Mistake, Replayed, Replaying, SideJudged, SideReplayed, Written},
};
use domain::{
    chatbot::Intent,
    conversation::Reason,
    lab::{Draft, Label, RunKind, RunState},
};
use ports::{
    conversations::ReasonText,
    lab::{Calls, Cause, Judgement, LabMessage, LabRun},
};

use super::{people::person_view, reasons::reason};

/// A label.
pub(crate) fn lab_label(label: Label) -> wire::LabLabel {
    match label {
        Label::Person => wire::LabLabel::Person,
        Label::NoPerson => wire::LabLabel::NoPerson,
    }
}

/// A label from the wire.
pub(crate) fn lab_label_of(label: wire::LabLabel) -> Label {
    match label {
        wire::LabLabel::Person => Label::Person,
        wire::LabLabel::NoPerson => Label::NoPerson,
    }
}

/// A labelled message.
pub(crate) async fn lab_message(baton: &Baton, message: &LabMessage) -> wire::LabMessageView {
    wire::LabMessageView {
        id: message.id.to_string(),
        text: message.text.clone(),
        label: lab_label(message.label),
        by: person_view(baton, message.by).await,
        added_at: message.at.0,
        conversation_id: message.conversation.map(|id| id.to_string()),
    }
}

/// A reason of which no words are told.
fn bare(kind: Reason) -> events::Reason {
    reason(&ReasonText { reason: kind, words: None, matched: None, name: None })
}

fn cause(cause: &Cause) -> events::Reason {
    let (matched, name) = (cause.matched.clone(), cause.name.clone());
    reason(&ReasonText { reason: cause.reason, words: None, matched, name })
}

/// A message of a visitor.
pub(crate) fn lab_written(written: &Written) -> wire::LabWritten {
    wire::LabWritten {
        conversation_id: written.conversation.to_string(),
        seq: written.seq,
        text: written.text.clone(),
        at: written.at.0,
        requested: written.requested.map(bare),
        label: written.label.map(lab_label),
    }
}

/// A draft from the wire.
pub(crate) fn lab_draft_of(draft: wire::LabDraft) -> Draft {
    let intent = |intent: EscalationIntent| Intent { name: intent.name, examples: intent.examples };
    Draft {
        enabled: draft.enabled,
        when_asked: draft.when_asked,
        bias: draft.bias,
        when_upset: draft.when_upset,
        intents: draft.intents.map(|intents| intents.into_iter().map(intent).collect()),
    }
}

/// A draft.
fn lab_draft(draft: &Draft) -> wire::LabDraft {
    let intent = |intent: &Intent| EscalationIntent { name: intent.name.clone(), examples: intent.examples.clone() };
    wire::LabDraft {
        enabled: draft.enabled,
        when_asked: draft.when_asked,
        bias: draft.bias,
        when_upset: draft.when_upset,
        intents: draft.intents.as_ref().map(|intents| intents.iter().map(intent).collect()),
    }
}

/// A run, and what it came to.
pub(crate) fn lab_run(run: &LabRun, came: Option<&Came>) -> wire::LabRunView {
    let (models, judged, replayed) = match came {
        Some(Came::Judged(models, judging)) => (models.clone(), Some(judging_of(judging)), None),
        Some(Came::Replayed(models, replaying)) => (models.clone(), None, Some(replaying_of(replaying))),
        None => (Vec::new(), None, None),
    };
    wire::LabRunView {
        id: run.id.to_string(),
        kind: match run.kind {
            RunKind::Judge => wire::LabRunKind::Judge,
            RunKind::Replay => wire::LabRunKind::Replay,
        },
        state: match run.state {
            RunState::Running => wire::LabRunState::Running,
            RunState::Done => wire::LabRunState::Done,
            RunState::TimeUp => wire::LabRunState::TimeUp,
            RunState::Stopped => wire::LabRunState::Stopped,
            RunState::NoModel => wire::LabRunState::NoModel,
            RunState::Failed => wire::LabRunState::Failed,
        },
        draft: run.draft.as_ref().map(lab_draft),
        done: run.done,
        total: run.total,
        began_at: run.began.0,
        models,
        judged,
        replayed,
    }
}

fn judging_of(judging: &Judging) -> wire::LabJudged {
    wire::LabJudged {
        current: figures(&judging.current),
        draft: judging.draft.as_ref().map(figures),
        mended: judging.mended as u64,
        broken: judging.broken as u64,
    }
}

fn figures(side: &SideJudged) -> wire::LabFigures {
    let Figures { n, wishes, missed, alarms, precision, recall, f1, false_alarm, intervals } = &side.figures;
    let figure = |share: f64, [low, high]: [f64; 2]| wire::LabFigure { share, low, high };
    wire::LabFigures {
        n: *n as u64,
        wishes: *wishes as u64,
        missed: *missed as u64,
        asks: side.asks as u64,
        false_alarms: *alarms as u64,
        precision: figure(*precision, intervals.precision),
        recall: figure(*recall, intervals.recall),
        f1: figure(*f1, intervals.f1),
        false_alarm: figure(*false_alarm, intervals.false_alarm),
    }
}

fn replaying_of(replaying: &Replaying) -> wire::LabReplay {
    let side = |side: &SideReplayed| wire::LabReplaySide {
        calls: side.calls as u64,
        would_call: side.would_call as u64,
        would_not: side.would_not as u64,
        elsewise: side.elsewise as u64,
    };
    wire::LabReplay {
        called: replaying.called as u64,
        current: side(&replaying.current),
        draft: replaying.draft.as_ref().map(side),
    }
}

/// A labelled message as it was judged.
pub(crate) async fn lab_judged(baton: &Baton, judged: &Judged) -> wire::LabJudgedMessage {
    let label = judged.message.label;
    wire::LabJudgedMessage {
        message: lab_message(baton, &judged.message).await,
        current: judgement(label, &judged.judged.current),
        draft: judged.judged.draft.as_ref().map(|draft| judgement(label, draft)),
    }
}

fn judgement(label: Label, judgement: &Judgement) -> wire::LabJudgement {
    let share = |thousandths: u16| f64::from(thousandths) / 1_000.0;
    wire::LabJudgement {
        calls: match judgement.calls {
            Calls::Now => wire::LabCalls::Now,
            Calls::Asks => wire::LabCalls::Asks,
            Calls::No => wire::LabCalls::No,
        },
        mistake: Mistake::of(label.wants_person(), judgement.calls == Calls::Now).map(|mistake| match mistake {
            Mistake::Missed => wire::LabMistake::Missed,
            Mistake::FalseAlarm => wire::LabMistake::FalseAlarm,
        }),
        cause: judgement.cause.as_ref().map(cause),
        wish: share(judgement.wish),
        from: judgement.from.map(share),
        example: judgement.example.clone(),
        nearest: judgement.nearest.as_ref().map(|nearest| wire::LabNearest {
            name: nearest.name.clone(),
            example: nearest.example.clone(),
            near: share(nearest.near),
        }),
    }
}

/// A conversation in which something else would happen.
pub(crate) fn lab_replayed(replayed: &Replayed) -> wire::LabReplayedConversation {
    wire::LabReplayedConversation {
        conversation_id: replayed.row.id.to_string(),
        visitor_name: replayed.row.visitor_name.clone(),
        seq: replayed.seq,
        text: replayed.text.clone(),
        at: replayed.at.0,
        called: replayed.called.map(|called| bare(called.reason)),
        would: replayed.would.as_ref().map(|would| cause(&would.cause)),
    }
}
