from sandbox.control import PATHS
from sandbox.faults import KINDS, OPERATIONS
from sandbox.settings import Settings
from tests.sandbox_server import ROOT

README = (ROOT / "sandbox/README.md").read_text("utf-8")


def test_every_control_address_kind_operation_and_setting_is_described():
    operations = [name for name in OPERATIONS if name != "other"]
    wanted = [*PATHS, *KINDS, *operations, *Settings().describe()]
    assert [word for word in wanted if word not in README] == []
