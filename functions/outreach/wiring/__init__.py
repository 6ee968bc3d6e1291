"""The one place where ports meet adapters: typed settings and cached builders, in the rooms of the glossary.

Nothing here runs at import; a builder runs when a handler first needs it. Imports of adapters stand inside
the builders so that a function loads only the libraries it uses (import time is billed).
"""

from outreach.wiring.clients import client as client
from outreach.wiring.clients import ses_client as ses_client
from outreach.wiring.clients import unchecked_dynamodb_client as unchecked_dynamodb_client
from outreach.wiring.feedback import answer_survey as answer_survey
from outreach.wiring.feedback import take_in_feedback as take_in_feedback
from outreach.wiring.intake import take_in_event as take_in_event
from outreach.wiring.intake import unsubscribe as unsubscribe
from outreach.wiring.intake import unsubscribe_again as unsubscribe_again
from outreach.wiring.journeys import advance_enrollment as advance_enrollment
from outreach.wiring.journeys import contexts as contexts
from outreach.wiring.journeys import deciding_contexts as deciding_contexts
from outreach.wiring.journeys import park_enrollment as park_enrollment
from outreach.wiring.operations import restart_journeys as restart_journeys
from outreach.wiring.operations import scheduled_looks as scheduled_looks
from outreach.wiring.pages import known_link_key as known_link_key
from outreach.wiring.pages import link_key as link_key
from outreach.wiring.pages import link_reader as link_reader
from outreach.wiring.pages import links as links
from outreach.wiring.pages import pages as pages
from outreach.wiring.pages import unsigned_links as unsigned_links
from outreach.wiring.publishing import campaigns as campaigns
from outreach.wiring.publishing import templates as templates
from outreach.wiring.sending import feedback_evidence as feedback_evidence
from outreach.wiring.sending import mailer as mailer
from outreach.wiring.sending import rate_limiter as rate_limiter
from outreach.wiring.sending import resolve_claim as resolve_claim
from outreach.wiring.sending import state_store as state_store
from outreach.wiring.services import announcer as announcer
from outreach.wiring.services import arm_wakes as arm_wakes
from outreach.wiring.services import refusals as refusals
from outreach.wiring.services import tokens as tokens
from outreach.wiring.services import workflows as workflows
from outreach.wiring.settings import MissingSettingError as MissingSettingError
from outreach.wiring.settings import Settings as Settings
from outreach.wiring.settings import settings as settings
from outreach.wiring.storage import clock as clock
from outreach.wiring.storage import drop_moved_secrets as drop_moved_secrets
from outreach.wiring.storage import dynamodb_client as dynamodb_client
from outreach.wiring.storage import key_secret as key_secret
from outreach.wiring.storage import record_release as record_release
from outreach.wiring.storage import secrets as secrets
from outreach.wiring.storage import table as table
from outreach.wiring.sweeps import arm_due_shards as arm_due_shards
from outreach.wiring.sweeps import resolve_pages as resolve_pages
from outreach.wiring.sweeps import sweep_page as sweep_page
from outreach.wiring.sweeps import sweep_under_lease as sweep_under_lease
