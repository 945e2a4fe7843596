//! Labels, canned replies, drafts.

use api::{
    labels::{Label, LabelColor as WireColor},
    writing::{CannedReplyView, DraftView},
};
use domain::labels::LabelColor;

/// A label.
pub(crate) fn label(label: &ports::labels::Label) -> Label {
    let color = match label.color {
        LabelColor::Grey => WireColor::Grey,
        LabelColor::Red => WireColor::Red,
        LabelColor::Orange => WireColor::Orange,
        LabelColor::Yellow => WireColor::Yellow,
        LabelColor::Green => WireColor::Green,
        LabelColor::Teal => WireColor::Teal,
        LabelColor::Blue => WireColor::Blue,
        LabelColor::Purple => WireColor::Purple,
    };
    Label { id: label.id.to_string(), name: label.name.clone(), color }
}

/// The colour that somebody has named.
pub(crate) fn color(color: WireColor) -> LabelColor {
    match color {
        WireColor::Grey => LabelColor::Grey,
        WireColor::Red => LabelColor::Red,
        WireColor::Orange => LabelColor::Orange,
        WireColor::Yellow => LabelColor::Yellow,
        WireColor::Green => LabelColor::Green,
        WireColor::Teal => LabelColor::Teal,
        WireColor::Blue => LabelColor::Blue,
        WireColor::Purple => LabelColor::Purple,
    }
}

/// A canned reply.
pub(crate) fn canned_reply(reply: &ports::writing::CannedReply) -> CannedReplyView {
    CannedReplyView {
        id: reply.id.to_string(),
        name: reply.name.clone(),
        text: reply.text.clone(),
        shared: reply.of.is_none(),
        updated_at: reply.updated_at.0,
    }
}

/// A draft.
pub(crate) fn draft(draft: &ports::writing::Draft) -> DraftView {
    DraftView { conversation: draft.conversation.to_string(), text: draft.text.clone(), at: draft.at.0 }
}
