"""What was promised, by subject: the catalogue, contracts and their versions, clocks, money, vendors, outages."""

from firstline.contracts.models.agreement import Contract, ContractVersion, TermsTemplate
from firstline.contracts.models.catalogue import Category, Service
from firstline.contracts.models.forms import ServiceForm
from firstline.contracts.models.money import HourPackage, Indicator, PenaltyRule
from firstline.contracts.models.outages import Outage, OutageFollower, OutageUpdate
from firstline.contracts.models.promises import Duty, InnerTerm, Metric, PauseReason, Target
from firstline.contracts.models.vendors import Vendor, VendorTarget

__all__ = [
    "Category",
    "Contract",
    "ContractVersion",
    "Duty",
    "HourPackage",
    "Indicator",
    "InnerTerm",
    "Metric",
    "Outage",
    "OutageFollower",
    "OutageUpdate",
    "PauseReason",
    "PenaltyRule",
    "Service",
    "ServiceForm",
    "Target",
    "TermsTemplate",
    "Vendor",
    "VendorTarget",
]
