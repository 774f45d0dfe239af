"""Screens that stand in front of the main one."""
