-- The log only grows: no change, no gap, nothing taken away.
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_event_in_order BEFORE INSERT ON audit_event
WHEN NEW.id <> (SELECT coalesce(max(id), 0) + 1 FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'the audit trail has no gaps'); END;
CREATE TRIGGER audit_detail_no_update BEFORE UPDATE ON audit_detail
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_detail_no_delete BEFORE DELETE ON audit_detail
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
-- A detail belongs to the event being written, whose text holds its digest: none is added later.
CREATE TRIGGER audit_detail_of_newest BEFORE INSERT ON audit_detail
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;

-- No row arrives or changes without a new event, and none is deleted. The event is written last:
-- one that is already there was signed for something else, so nothing slips in behind it.
CREATE TRIGGER checkpoint_needs_event BEFORE UPDATE ON checkpoint
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER checkpoint_needs_new_event BEFORE INSERT ON checkpoint
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER shelter_needs_event BEFORE UPDATE ON shelter
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER shelter_needs_new_event BEFORE INSERT ON shelter
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER shelter_no_delete BEFORE DELETE ON shelter
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER audience_needs_event BEFORE UPDATE ON audience
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER audience_needs_new_event BEFORE INSERT ON audience
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER audience_no_delete BEFORE DELETE ON audience
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER staff_needs_event BEFORE UPDATE ON staff
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER staff_needs_new_event BEFORE INSERT ON staff
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER staff_no_delete BEFORE DELETE ON staff
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER staff_key_needs_event BEFORE UPDATE ON staff_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER staff_key_needs_new_event BEFORE INSERT ON staff_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER staff_key_no_delete BEFORE DELETE ON staff_key
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER compartment_seal_needs_event BEFORE UPDATE ON compartment_seal
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER compartment_seal_needs_new_event BEFORE INSERT ON compartment_seal
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER compartment_seal_no_delete BEFORE DELETE ON compartment_seal
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER bed_needs_event BEFORE UPDATE ON bed
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER bed_needs_new_event BEFORE INSERT ON bed
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER bed_no_delete BEFORE DELETE ON bed
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER resident_needs_event BEFORE UPDATE ON resident
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER resident_needs_new_event BEFORE INSERT ON resident
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER resident_no_delete BEFORE DELETE ON resident
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER resident_key_needs_event BEFORE UPDATE ON resident_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER resident_key_needs_new_event BEFORE INSERT ON resident_key
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER resident_key_no_delete BEFORE DELETE ON resident_key
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER stay_needs_event BEFORE UPDATE ON stay
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_needs_new_event BEFORE INSERT ON stay
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_no_delete BEFORE DELETE ON stay
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER stay_phase_needs_event BEFORE UPDATE ON stay_phase
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_phase_needs_new_event BEFORE INSERT ON stay_phase
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_phase_no_delete BEFORE DELETE ON stay_phase
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER stay_event_needs_event BEFORE UPDATE ON stay_event
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_event_needs_new_event BEFORE INSERT ON stay_event
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER stay_event_no_delete BEFORE DELETE ON stay_event
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER service_need_needs_event BEFORE UPDATE ON service_need
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER service_need_needs_new_event BEFORE INSERT ON service_need
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER service_need_no_delete BEFORE DELETE ON service_need
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER item_answer_needs_event BEFORE UPDATE ON item_answer
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER item_answer_needs_new_event BEFORE INSERT ON item_answer
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER item_answer_no_delete BEFORE DELETE ON item_answer
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER item_signature_needs_event BEFORE UPDATE ON item_signature
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER item_signature_needs_new_event BEFORE INSERT ON item_signature
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER item_signature_no_delete BEFORE DELETE ON item_signature
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER service_entry_needs_event BEFORE UPDATE ON service_entry
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER service_entry_needs_new_event BEFORE INSERT ON service_entry
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER service_entry_no_delete BEFORE DELETE ON service_entry
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER summary_release_needs_event BEFORE UPDATE ON summary_release
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER summary_release_needs_new_event BEFORE INSERT ON summary_release
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER summary_release_no_delete BEFORE DELETE ON summary_release
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
CREATE TRIGGER custody_needs_event BEFORE UPDATE ON custody
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER custody_needs_new_event BEFORE INSERT ON custody
WHEN NEW.event_id <= (SELECT coalesce(max(id), 0) FROM audit_event)
BEGIN SELECT RAISE(ABORT, 'a change needs an audit event'); END;
CREATE TRIGGER custody_no_delete BEFORE DELETE ON custody
BEGIN SELECT RAISE(ABORT, 'records are ended, not deleted'); END;
