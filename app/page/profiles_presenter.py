"""Network > Who draws without a window: names to choose from, to make, change, take out and bring in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from app.language import _, pgettext
from app.messages import errors_told
from app.store.profiles import SUFFIX, Profile, Profiles

NOBODY = "nobody"  # stands for no name; folders of profiles are never called so


class ProfilesView(Protocol):
    def show_names(self, names: Sequence[tuple[str, str]], current: str) -> None:
        """Offer these, each by what stands for it, and mark one."""

    def enable(self, *, has_name: bool) -> None:
        """Whether the one who draws can be renamed and deleted."""

    def ask(self, title: str, text: str, *, yes: str) -> bool: ...
    def ask_name(self, title: str, text: str, name: str, *, yes: str) -> str | None: ...
    def ask_file_to_save(self, name: str) -> Path | None: ...
    def ask_file_to_open(self) -> Path | None: ...
    def say(self, text: str, *, is_error: bool = False) -> None: ...


class ProfilesPresenter:
    """Keeps who draws.

    Parameters
    ----------
    on_switch : callable
        Takes whoever draws from now on.
    """

    def __init__(
        self, view: ProfilesView, profiles: Profiles, *, on_switch: Callable[[Profile], None]
    ) -> None:
        self._view, self._profiles, self._on_switch = view, profiles, on_switch
        self.current = profiles.current

    def show(self) -> None:
        """Show the names as they are now: another window may have made some."""
        named = [(each.folder.name, each.name) for each in self._profiles.named()]
        mine = self.current.folder.name if self.current.name else NOBODY
        self._view.show_names([(NOBODY, _("Nobody by name")), *named], mine)
        self._view.enable(has_name=bool(self.current.name))

    def choose(self, folder: str) -> None:
        """Have the one of this folder draw, or NOBODY by name."""
        named = {each.folder.name: each for each in self._profiles.named()}
        self._switch(named.get(folder, self._profiles.nameless))

    def create(self) -> None:
        name = self._view.ask_name(_("Who draws?"), _("Name"), "", yes=_("Create"))
        if name is not None:
            with errors_told(self._view.say):
                self._switch(self._profiles.create(name))

    def rename(self) -> None:
        before = self.current
        name = self._view.ask_name(_("Rename who draws"), _("Name"), before.name, yes=_("Rename"))
        if name is not None and before.name:
            with errors_told(self._view.say):
                self._switch(self._profiles.rename(before, name))

    def delete(self) -> None:
        """Delete whoever draws with all samples, if that is what is meant; nobody by name draws then."""
        gone = self.current
        if gone.name and self._view.ask(
            _("Delete {name}?").format(name=gone.name),
            _(
                "All that {name} has taught, and all drawings that were collected, would be deleted from "
                "this computer for good. Networks that were trained with it stay."
            ).format(name=gone.name),
            yes=pgettext("button", "Delete"),
        ):
            with errors_told(self._view.say):
                self._profiles.delete(gone)
                self._switch(self._profiles.nameless)
                self._view.say(_("{name} is deleted.").format(name=gone.name))

    def export(self) -> None:
        """Write whoever draws as one file."""
        path = self._view.ask_file_to_save((self.current.name or _("my digits")) + SUFFIX)
        if path is not None:
            with errors_told(self._view.say):
                self._profiles.export(self.current, path)
                self._view.say(_("Saved {name}.").format(name=path.name))

    def bring_in(self) -> None:
        """Have whoever comes in a file draw."""
        path = self._view.ask_file_to_open()
        if path is not None:
            with errors_told(self._view.say):
                self._switch(self._profiles.bring_in(path))

    def keep_network(self, network: Path | None) -> None:
        """This network reads for whoever draws, from now on; None for the one that opens at the start."""
        if self.current.name and network != self.current.network:
            with errors_told(self._view.say):
                self.current = self._profiles.choose_network(self.current, network)

    def _switch(self, profile: Profile) -> None:
        with errors_told(self._view.say):
            self._profiles.choose(profile)
            self.current = profile
            told = _("{name} draws now.") if profile.name else _("Nobody by name draws now.")
            self._view.say(told.format(name=profile.name))
            self._on_switch(profile)  # which may have more to say
        self.show()
