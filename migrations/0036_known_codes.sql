-- Columns with codes that took any text.
alter table mails
    add constraint mails_kind_known check (kind in ('request', 'feedback', 'reminder', 'watch', 'report', 'test'));
alter table round_result_departments
    add constraint round_result_departments_firmness_known check (firmness in ('interested', 'planned', 'funded'));
