import PassengerDisplay
import Testing
import TransitModel

@Suite("What the display shows, and for how long")
struct DisplayMachineTests {
    private func time(_ milliseconds: Int64) -> MonotonicTime {
        MonotonicTime(milliseconds: milliseconds)
    }

    private let green = DisplayScene.accepted(atMost: nil, isReduced: false)

    @Test("An answer shows for three seconds, then the display rests again")
    func answerEnds() {
        var machine = DisplayMachine()
        #expect(machine.scene == .starting)
        machine.setRest(.ready)
        #expect(machine.scene == .ready)
        #expect(machine.answerEndsAt == nil)
        machine.show(green, at: time(1_000))
        #expect(machine.answerEndsAt == time(4_000))
        machine.tick(at: time(3_999))
        #expect(machine.scene == green)
        machine.tick(at: time(4_000))
        #expect(machine.scene == .ready)
        #expect(machine.answerEndsAt == nil)
    }

    @Test("The next tap's answer replaces the last one and gets its whole time")
    func replaced() {
        var machine = DisplayMachine()
        machine.setRest(.ready)
        machine.show(green, at: time(0))
        machine.show(.refused(.expired), at: time(2_900))
        machine.tick(at: time(3_000))
        #expect(machine.scene == .refused(.expired))
        machine.tick(at: time(5_900))
        #expect(machine.scene == .ready)
    }

    @Test("A reader that fails does not cut an answer short, and shows once it ends")
    func faultWaits() {
        var machine = DisplayMachine()
        machine.setRest(.ready)
        machine.show(green, at: time(0))
        machine.setRest(.readerFault)
        #expect(machine.scene == green)
        machine.tick(at: time(3_000))
        #expect(machine.scene == .readerFault)
    }

    @Test("A validator that goes out of service never stays green")
    func neverGreenOutOfService() {
        var machine = DisplayMachine()
        machine.setRest(.ready)
        machine.show(green, at: time(0))
        machine.setRest(.outOfService)
        #expect(machine.scene == .outOfService)
        machine.setRest(.ready)
        #expect(machine.scene == .ready)
    }

    @Test("Each outcome can be told by eye and by ear, and not by colour alone")
    func looksAndSounds() {
        for refusal in TapRefusal.allCases {
            let scene = DisplayScene.refused(refusal)
            #expect(scene.look != .accepted)
            #expect(scene.sound != nil && scene.sound != .accepted && scene.sound != .reduced)
        }
        #expect(DisplayScene.refused(.unreadable).look == .again)
        #expect(DisplayScene.refused(.passback).look == .already)
        #expect(green.look == .accepted && green.sound == .accepted)
        #expect(DisplayScene.accepted(atMost: nil, isReduced: true).sound == .reduced)
        for scene in [DisplayScene.starting, .ready, .readerFault, .outOfService] {
            #expect(scene.sound == nil)
        }
    }
}
