"""First set-up: the shelter, the first person, the recovery kit, typed back before first use.

Nothing is written anywhere until the code of the kit was typed back: whoever stops half way has
no records that nobody could ever open.
"""

from shelter_desk.ui.first_run.wizard import FirstRunPage

__all__ = ["FirstRunPage"]
