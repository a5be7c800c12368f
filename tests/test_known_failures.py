"""What goes wrong in systems of this sort, by number, and the tests that would see it here.

Whoever renames or drops one of those tests says here what takes its place.
"""

import ast
from functools import cache
from pathlib import Path

CHINA = Path(__file__).parent

# Reminders and notices 1 to 17, several people at once 18 and 19, time limits 30 to 34.
FAILURES = {
    1: (
        "Two workers both look, find nothing told, and both tell.",
        "notices/test_notify.py::test_the_tables_themselves_hold_each_occasion_once",
        "notices/test_notify.py::test_one_notice_and_one_delivery_however_many_tell_it_at_once",
        "notices/test_gathering.py::test_one_notice_each_however_many_tell_at_once",
        "notices/test_processes.py::test_eight_processes_tell_each_person_once",
        "jobs/test_ringing.py::test_eight_processes_at_once_take_each_step_once_and_tell_each_person_once",
    ),
    2: (
        "What somebody has read and put aside counts as never told, and is told again.",
        "notices/test_notify.py::test_whoever_chooses_email_later_is_not_sent_what_lies_in_the_inbox",
        "notices/test_gathering.py::test_what_was_told_long_ago_is_not_mentioned_again",
        "enterprises/reminding/test_reminding.py::test_what_was_read_is_not_told_again",
        "issues/escalating/test_escalating.py::test_what_was_read_is_not_told_again",
    ),
    3: (
        "A reminder is due on one day exactly; a run that is missed loses it for ever.",
        "enterprises/reminding/test_reminding.py::test_late_or_in_time_the_same_steps",
        "issues/escalating/test_escalating.py::test_late_or_in_time_the_same_steps",
        "jobs/test_ringing.py::test_late_by_hours_days_or_weeks_is_the_same_and_no_storm",
    ),
    4: (
        "The clock runs from when a visit was typed in, so an old one silences what is due.",
        "enterprises/reminding/test_reminding.py::test_an_old_visit_typed_in_today_does_not_silence_what_is_due",
        "visits/test_log_visit.py::test_an_old_visit_typed_in_today_silences_nothing",
        "visits/test_log_visit.py::test_a_visit_in_the_future_is_refused",
    ),
    5: (
        "One row goes wrong or the process dies, and those after it are never told.",
        "enterprises/reminding/test_reminding.py::test_one_that_cannot_be_worked_out_stops_no_other",
        "issues/escalating/test_escalating.py::test_one_line_that_cannot_be_worked_out_stops_no_other",
        "notices/test_deliver.py::test_one_row_that_cannot_be_sent_holds_up_no_other",
        "jobs/test_killed.py::test_killed_at_any_moment_nothing_is_missing_and_nothing_is_twice",
    ),
    6: (
        "The mail server's answer is lost, and the next attempt is a second message.",
        "notices/test_deliver.py::test_a_lease_that_ran_out_is_taken_again_with_the_same_message_id",
        "notices/test_together.py::test_what_was_lost_with_its_process_is_the_same_message_again",
        "notices/test_processes.py::test_what_a_killed_process_was_sending_is_sent_again_and_known_by_its_message_id",
    ),
    7: (
        "What is closed, or has no date any more, goes on reminding.",
        "enterprises/reminding/test_reminding.py::test_what_has_closed_down_rings_no_more",
        "enterprises/reminding/test_officers.py::test_an_officer_found_in_time_rings_with_nobody",
        "issues/escalating/test_escalating.py::test_what_has_ended_rings_no_more",
    ),
    8: (
        "One reminder a month: a date that moves within the month is passed over.",
        "enterprises/reminding/test_reminding.py::test_a_moved_date_rings_again_within_the_month",
        "issues/escalating/test_escalating.py::test_a_deadline_that_moves_rings_anew",
        "issues/escalating/test_escalating.py::test_a_longer_time_is_warned_of_anew",
    ),
    9: (
        "One person who never chose anything keeps the notice from everybody else.",
        "notices/test_notify.py::test_one_who_chose_nothing_silences_no_other",
        "notices/test_gathering.py::test_one_with_whom_something_is_wrong_holds_up_no_other",
    ),
    10: (
        "People are told of what they did themselves.",
        "notices/test_notify.py::test_neither_the_actor_nor_anybody_who_has_left_is_told",
        "notices/test_whom.py::test_a_move_is_told_to_exactly_those_whom_it_concerns",
    ),
    11: (
        "The deed is undone, but a worker has been sent off with it.",
        "notices/test_notify.py::test_a_deed_undone_tells_nobody",
        "notices/test_notify.py::test_a_deed_undone_wakes_no_worker",
        "notices/test_gathering.py::test_a_sweep_undone_has_mentioned_nothing",
    ),
    12: (
        "Days are those of UTC: before eight in the morning in China it is still yesterday.",
        "enterprises/reminding/test_reminding.py::test_before_eight_in_the_morning_it_is_the_same_day_in_china",
        "enterprises/test_cadence.py::test_before_eight_in_the_morning_it_is_already_today",
        "enterprises/test_cover.py::test_a_day_begins_at_midnight_in_china",
        "issues/escalating/test_escalating.py::test_before_eight_in_the_morning_it_is_the_same_day_in_china",
        "issues/test_clocks.py::test_today_is_a_day_in_china",
        "core/test_due.py::test_a_day_starts_at_midnight_in_china",
    ),
    13: (
        "A message is worded when it is sent: of two quick changes the second goes out twice.",
        "notices/test_whom.py::test_two_quick_changes_are_told_each_in_its_own_words",
        "notices/test_notify.py::test_what_was_said_cannot_be_changed_but_it_can_be_read",
        "notices/test_gathering.py::test_what_was_mentioned_cannot_be_changed",
    ),
    14: (
        "What a listener raises is swallowed, and the deed stands without what belongs to it.",
        "test_signals.py::test_a_receiver_that_refuses_undoes_the_verb",
        "test_signals.py::test_every_signal_was_thought_of",
    ),
    15: (
        "Without its key a channel only seems to send, and reports that it did.",
        "notices/test_deliver.py::test_a_server_that_has_no_mail_server_any_more_says_so",
        "notices/test_channels.py::test_a_channel_whose_settings_have_gone_says_so_and_fails",
        "notices/test_channels.py::test_a_robot_that_refuses_is_no_success",
        "notices/test_notify.py::test_without_a_mail_server_nothing_waits_to_be_sent",
    ),
    16: (
        "A job runs at other times than it says, and a lock outlived by its work is anybody's.",
        "liaison/test_schedule.py::test_beat_starts_each_as_often_as_it_is_meant",
        "liaison/test_schedule.py::test_none_goes_before_another",
        "jobs/test_standing.py::test_when_it_is_due_next_is_read_in_china",
        "notices/test_deliver.py::test_a_lease_outlives_what_it_is_for",
        "notices/test_deliver.py::test_a_result_that_comes_after_the_lease_does_not_undo_anothers",
    ),
    17: (
        "Each task leaves a database connection behind, until there are no more to be had.",
        "liaison/test_connections.py::test_connections_stay_at_the_workers_concurrency",
    ),
    18: (
        "Of two people at once one gets an error page, or overwrites what the other has done.",
        "issues/test_moves.py::test_a_line_in_hand_does_not_overwrite_what_has_become_of_it",
        "issues/test_moves.py::test_what_has_moved_since_it_was_read_is_not_written",
        "issues/test_moves.py::test_a_stale_picture_is_a_conflict_that_says_how_things_stand",
        "races/test_lines.py::test_of_two_different_moves_one_is_made",
        "races/test_processes.py::test_one_of_32_makes_the_move_over_http",
    ),
    19: (
        "A visit where nothing was due is answered as saved, and is not.",
        "api/test_visits.py::test_a_visit_where_nothing_was_due_is_saved_all_the_same",
        "api/test_visits.py::test_a_visit_that_cannot_be_saved_is_not_answered_as_if_it_were",
    ),
    30: (
        "To pause counts as a first answer.",
        "issues/test_sla_failures.py::test_30_a_pause_is_no_first_response",
    ),
    31: (
        "What is paused, and is saved after its deadline, has failed by that.",
        "issues/test_sla_failures.py::test_31_a_paused_line_past_its_deadline_does_not_fail_by_being_written_again",
    ),
    32: (
        "Another time limit rewrites what had been promised before.",
        "issues/test_sla_failures.py::test_32_a_policy_is_never_rewritten_and_an_open_line_keeps_its_own",
        "issues/limits/test_versions.py::test_open_lines_keep_what_they_were_opened_under",
    ),
    33: (
        "A working day is one window: no lunch, and no night.",
        "issues/test_sla_failures.py::test_33_lunch_and_the_night_are_windows_too",
    ),
    34: (
        "Days that do not count make the time shorter.",
        "issues/test_sla_failures.py::test_34_days_that_do_not_count_lengthen_the_time_and_never_shorten_it",
    ),
}

# Of every sweep and every page that goes by the clock: from midnight to eight in China, over the
# end of a year, and with the clock set back.
MOMENTS = ("before eight", "end of the year", "set back")
CLOCKS = {
    "reminders": (
        "enterprises/reminding/test_reminding.py::test_before_eight_in_the_morning_it_is_the_same_day_in_china",
        "enterprises/reminding/test_reminding.py::test_before_eight_in_the_morning_it_is_the_same_day_in_china",
        "enterprises/reminding/test_reminding.py::test_late_or_in_time_the_same_steps",
    ),
    "escalations": (
        "issues/escalating/test_escalating.py::test_before_eight_in_the_morning_it_is_the_same_day_in_china",
        "issues/escalating/test_escalating.py::test_over_the_end_of_the_year_a_ladder_goes_by_days_that_are_worked",
        "issues/escalating/test_escalating.py::test_late_or_in_time_the_same_steps",
    ),
    "quiet hours": (
        "notices/test_sending_times.py::test_quiet_hours",
        "notices/test_sending_times.py::test_quiet_hours",
        "notices/test_together.py::test_a_clock_set_back_sends_nothing_twice_and_nothing_early",
    ),
    "digests": (
        "notices/test_sending_times.py::test_a_digest",
        "notices/test_sending_times.py::test_a_digest",
        "notices/test_together.py::test_a_clock_set_back_sends_nothing_twice_and_nothing_early",
    ),
    "this week": (
        "staff/week/test_week.py::test_a_day_begins_at_midnight_in_china",
        "staff/week/test_week.py::test_over_new_year_days_off_are_marked_and_an_unknown_year_is_told",
        "staff/week/test_week.py::test_with_the_clock_set_back_it_is_that_day_again",
    ),
    "calendar feed": (
        "staff/week/test_feed.py::test_before_eight_on_new_years_day_it_is_the_new_year",
        "staff/week/test_feed.py::test_before_eight_on_new_years_day_it_is_the_new_year",
        "staff/week/test_feed.py::test_with_the_clock_set_back_it_is_the_same_events",
    ),
    "tick": (
        "jobs/test_tick.py::test_a_time_without_a_zone_is_chinas",
        "jobs/test_tick.py::test_a_time_without_a_zone_is_chinas",
        "jobs/test_tick.py::test_a_clock_set_back_between_two_ticks_makes_nothing_happen_twice",
    ),
}


def test_every_failure_has_a_line_and_a_test():
    assert list(FAILURES) == [*range(1, 20), *range(30, 35)]
    for number, (said, *tests) in FAILURES.items():
        assert said, number
        assert tests, number


def test_every_clock_is_tried_at_every_moment():
    for name, tests in CLOCKS.items():
        assert len(tests) == len(MOMENTS), name


def test_what_is_named_is_there():
    named = {one for _said, *tests in FAILURES.values() for one in tests}
    named |= {one for tests in CLOCKS.values() for one in tests}
    for one in sorted(named):
        path, _sep, name = one.partition("::")
        assert name.startswith("test_"), one
        assert name in functions_in(path), one


@cache
def functions_in(path):
    body = ast.parse((CHINA / path).read_text()).body
    return {one.name for one in body if isinstance(one, ast.FunctionDef)}
