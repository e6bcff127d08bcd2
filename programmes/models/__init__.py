"""Programmes, their decisions and money, and the calls that open them to applicants."""

from programmes.models.calls import Call, CallState
from programmes.models.forms import FormVersion
from programmes.models.money import AidRule, DeclaredResult, Envelope, Target, Underspend
from programmes.models.programme import Decision, DecisionBody, Measure, MeasureStep, Programme

__all__ = [
    "AidRule",
    "Call",
    "CallState",
    "Decision",
    "DecisionBody",
    "DeclaredResult",
    "Envelope",
    "FormVersion",
    "Measure",
    "MeasureStep",
    "Programme",
    "Target",
    "Underspend",
]
