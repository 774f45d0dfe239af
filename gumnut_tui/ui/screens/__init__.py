"""Screens shown in front of the main one."""
