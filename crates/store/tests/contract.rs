//! The contract of `ports::Store`, on SQLite and on PostgreSQL.

mod engines;

use engines::{OnPostgres, OnSqlite};
use testkit::store_contract::world::Engine;

/// A test for each promise on each engine.
macro_rules! contract {
    ($($room:ident: $($promise:ident)*;)*) => {
        mod sqlite {
            $(mod $room {$(
                #[tokio::test]
                async fn $promise() {
                    let engine = crate::OnSqlite::new();
                    testkit::store_contract::$room::$promise(&engine).await;
                    crate::Engine::close(&engine).await;
                }
            )*})*
        }
        mod postgres {
            $(mod $room {$(
                #[tokio::test]
                async fn $promise() {
                    let engine = crate::OnPostgres::new().await;
                    testkit::store_contract::$room::$promise(&engine).await;
                    crate::Engine::close(&engine).await;
                }
            )*})*
        }
    };
}

contract! {
    accounts:
        a_workspace_is_founded_once
        an_address_is_taken_once
        people_come_by_name_with_their_roles
        sessions_end
        keys_are_found_until_they_end
        pictures_are_replaced
        settings_are_not_overwritten_unseen
        chatbots_come_by_id
        how_people_want_to_be_called_is_kept
        who_is_mailed_may_answer
        a_summary_has_one_job;
    calls:
        where_a_call_was_taken_is_found;
    files:
        a_file_takes_its_place
        places_are_limited
        a_file_goes_out_once
        files_of_a_deleted_message_are_found
        what_is_not_sent_is_taken_away;
    identities:
        a_person_has_one_visitor
        tokens_open_one_visitor
        facts_change_with_the_row
        secrets_belong_to_one_key;
    inbox:
        pages_go_from_the_newest_event_down
        filters_show_what_they_name
        members_see_their_chatbots_only
        the_cursor_of_changes_misses_nothing
        counts_are_what_the_pages_show
        a_token_opens_its_visitor;
    isolation:
        another_workspace_sees_nothing
        a_foreign_chatbot_opens_no_conversation;
    jobs:
        what_is_due_is_claimed_in_order
        leases_end_unless_they_are_renewed
        leases_are_renewed_together
        a_job_can_be_leased_from_the_start
        no_job_is_claimed_twice
        failures_wait_and_then_are_buried
        a_job_goes_on_with_what_is_left
        a_job_that_is_added_again_is_done_again
        a_job_that_is_seen_to_is_there_once
        leases_are_voided_where_only_one_process_is;
    cards:
        a_request_has_one_card
        another_workspace_has_no_cards;
    knowledge:
        a_source_goes_from_saved_to_ready
        a_source_is_changed_from_what_is_there
        a_document_is_read
        a_large_source_is_indexed_and_removed
        sources_come_newest_first
        the_best_passage_comes_first
        a_search_is_held_to_its_sources
        words_are_never_syntax;
    lab:
        each_text_is_labelled_once
        labelled_messages_come_in_pages
        there_is_room_for_so_many
        a_message_goes_with_its_conversation
        a_chatbot_has_one_run_at_a_time
        a_run_that_is_lost_gives_way
        another_workspace_labels_nothing
        all_of_it_goes_with_the_chatbot;
    life:
        a_chatbot_is_made_once
        a_chatbot_is_deleted_whole
        the_guide_tells_what_is_there
        unanswered_questions_are_noted_with_the_answer;
    log:
        the_visitor_sees_their_own_numbers
        ranges_are_cut_where_they_are_asked
        heads_come_in_one_go
        texts_come_back_as_they_were;
    marks:
        the_mark_of_collaborators_moves_forward_only
        a_mark_that_moved_is_told
        many_marks_at_once_become_the_newest
        a_mark_elsewhere_is_not_found;
    models:
        models_are_kept_for_their_place
        troubles_are_counted_until_they_are_over
        functions_belong_to_a_chatbot
        keys_of_models_are_sealed_too;
    vectors:
        examples_keep_their_vectors
        what_is_unread_comes_newest_first
        parts_are_kept_with_their_chunk
        what_changed_is_read_and_nothing_else
        another_workspace_reads_nothing;
    team:
        collaborators_are_those_with_a_role
        a_person_is_changed_as_decided
        one_owner_is_left
        an_invitation_is_accepted_once
        an_invitation_ends
        invitations_are_made_once_and_come_in_pages
        a_password_link_works_once
        the_chats_of_a_person_come_by_id
        sessions_are_listed_and_ended;
    notes:
        an_edited_text_keeps_its_earlier_versions
        a_deleted_text_is_gone_with_every_version
        a_mention_waits_until_it_is_read;
    numbers:
        a_record_follows_its_request
        missed_requests_come_by_page
        records_come_in_order
        conversations_count_where_they_began;
    push:
        a_device_is_one_browser_and_the_last_used_comes_first
        devices_are_forgotten_by_their_person_alone
        a_device_goes_with_its_session
        the_first_push_key_stays;
    passages:
        passages_come_in_their_order
        changes_are_kept_until_they_are_taken_back
        tags_lead_to_their_sources
        a_copy_has_the_marks_of_the_original;
    rehearsals:
        nothing_outside_of_a_rehearsal_changes
        a_rehearsal_is_removed_whole;
    queue:
        whoever_waits_for_longer_is_ahead;
    visitor_mail:
        nothing_is_mailed_twice
        transcripts_are_limited
        answers_find_their_conversation
        what_comes_is_noted_once
        a_duty_is_one_nodes;
    webhooks:
        webhooks_are_kept_for_their_workspace
        a_webhook_is_switched_off_once
        a_delivery_is_put_in_line_once
        deliveries_come_in_pages_and_go_by_age
        what_a_receiver_knows_a_message_by_is_found;
    routing:
        who_is_there_is_kept_for_each_node
        each_gets_one_in_turn
        nobody_is_given_more_than_the_limit
        places_are_given_once_however_many_look
        whoever_looks_is_hurried
        who_waited_longest_comes_first;
    websites:
        a_reading_is_fenced_by_its_number
        a_list_of_pages_has_an_end
        pages_are_sources_below
        another_workspace_reads_no_website;
    search:
        words_and_phrases_are_found
        a_page_goes_on_where_the_last_one_ended
        an_edited_text_is_found_by_its_new_words
        a_deleted_text_is_not_found
        visitors_are_found_by_what_is_known
        filters_narrow_what_is_found
        members_find_in_their_chatbots_only
        a_deleted_chatbot_is_not_found
        what_looks_like_syntax_is_none;
    units:
        a_committed_unit_is_in_the_log_and_in_the_row
        a_refused_unit_writes_nothing
        the_same_command_is_answered_with_its_own_entries
        the_same_command_twice_at_once_is_written_once
        a_reused_id_is_told
        many_at_once_on_one_conversation_are_numbered_without_gaps
        one_failing_unit_does_not_take_others_with_it
        a_turn_is_answered_at_most_once_whatever_is_decided
        jobs_come_and_go_with_the_unit
        the_listener_hears_first_and_in_order
        the_caller_going_away_cancels_nothing
        an_unknown_conversation_is_not_found;
}

/// Several processes share a PostgreSQL database; an SQLite file has one that serves.
mod together {
    use testkit::store_contract::{routing, units, world::Engine};

    use crate::OnPostgres;

    #[tokio::test]
    async fn two_processes_race_without_loss() {
        let engine = OnPostgres::new().await;
        units::two_processes_race_without_loss(&engine).await;
        engine.close().await;
    }

    #[tokio::test]
    async fn two_processes_give_each_place_once() {
        let engine = OnPostgres::new().await;
        routing::two_processes_give_each_place_once(&engine).await;
        engine.close().await;
    }

    #[tokio::test]
    async fn two_processes_take_over_and_one_of_them_does() {
        let engine = OnPostgres::new().await;
        units::two_processes_take_over_and_one_of_them_does(&engine).await;
        engine.close().await;
    }
}
