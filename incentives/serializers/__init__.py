"""Serializers of savings, negotiations, pools and targets."""
