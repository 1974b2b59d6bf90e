"""Tk's own dialogs for files, which X11 has for want of others, in the colours and size of the rest."""

from __future__ import annotations

import logging
import tkinter as tk

from app import language
from app.language import _

# The list of files has its colours and its size in its methods. They are made anew from what they were, with
# variables for the colours: a dialog is kept, and shown again in another theme.
_FOLLOW_THEME = """
proc lenet_canvas_follow_theme {ground writing width height} {
    set ::lenet_canvas_ground $ground
    set ::lenet_canvas_writing $writing
    if {[info commands ::tk::IconList] eq ""} {auto_load ::tk::IconList}
    foreach name {Create deleteall add DrawSelection} {
        if {![info exists ::lenet_canvas_list($name)]} {
            set ::lenet_canvas_list($name) [info class definition ::tk::IconList $name]
        }
        lassign $::lenet_canvas_list($name) arguments body
        if {$name eq "deleteall"} {
            set body "\\$canvas configure -background \\$::lenet_canvas_ground\\n$body"
        }
        set body [string map [list \
            "-fill black" {-fill $::lenet_canvas_writing} \
            {-fill $fill} {-fill $::lenet_canvas_writing} \
            "-background white" {-background $::lenet_canvas_ground} \
            "-width 400" "-width $width" "-height 120" "-height $height" \
        ] $body]
        oo::define ::tk::IconList method $name $arguments $body
    }
}
"""
_WIDTH, _HEIGHT = 400, 120  # of the list, in pixels at 96 dots an inch

logger = logging.getLogger(__name__)


def style_file_dialogs(root: tk.Tk, *, ground: str, writing: str, scale: float) -> None:
    """Give their list the theme's colours, and leave out .names until asked for them, as all others do."""
    # The dialogs are loaded by their first call; one with a wrong option opens nothing.
    root.tk.eval("catch {tk_getOpenFile -load}")
    root.tk.eval("set ::tk::dialog::file::showHiddenBtn 1; set ::tk::dialog::file::showHiddenVar 0")
    try:
        root.tk.eval(_FOLLOW_THEME)
        size = round(_WIDTH * scale), round(_HEIGHT * scale)
        root.tk.call("lenet_canvas_follow_theme", ground, writing, *size)
    except tk.TclError:  # another version of Tk may have it otherwise
        logger.exception("The list of files stays white")


def translate_file_dialogs(root: tk.Tk) -> None:
    """Have them say in the language of the window what Tk has not translated; & underlines a letter."""
    for text, translated in (
        ("Show &Hidden Files and Directories", _("Show &Hidden Files and Directories")),
        ("Show &Hidden Directories", _("Show &Hidden Directories")),
    ):
        told = ("::msgcat::mcset", language.spoken(), text, translated)
        root.tk.call("namespace", "eval", "::tk", told)
